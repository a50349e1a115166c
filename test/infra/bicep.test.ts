import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInRole } from '../../src/access/index.ts';
import { environment } from '../../src/config/environment.ts';
import { roleId } from '../../src/estate/index.ts';
import { all, bicepFiles, declarations, errors, infra, property, type BicepFile } from './syntax-tree.ts';

const files = await bicepFiles();
const resources = files.flatMap((file) => declarations(file).map((declared) => ({ ...declared, file: file.name })));
const ofType = (type: string) => resources.filter((one) => one.type.toLowerCase().startsWith(`${type.toLowerCase()}@`));
const file = (name: string): BicepFile => files.find((one) => one.name === name)!;

describe('infra', () => {
  it('parses, every file of it', () => {
    expect(files.map(({ name }) => name)).toContain('main.bicep');
    expect(files.length).toBeGreaterThan(8);
    expect(files.flatMap(({ name, root }) => errors(root).map((error) => `${name}:${error}`))).toEqual([]);
  });

  it('names an API version with each resource of its own, and modules that are there', () => {
    const own = resources.filter(({ kind, type }) => kind === 'resource_declaration' && type.includes('/'));
    expect(own.length).toBeGreaterThan(20);
    expect(
      own.filter(({ type }) => !/^Microsoft\.[\w.]+(\/\w+)+@\d{4}-\d{2}-\d{2}(-preview)?$/.test(type)).map(({ type }) => type),
    ).toEqual([]);
    const modules = resources.filter(({ kind }) => kind === 'module_declaration');
    expect(modules.length).toBeGreaterThan(7);
    expect(modules.filter(({ file: name, type }) => !existsSync(join(infra, dirname(name), type))).map(({ type }) => type)).toEqual([]);
  });

  it('gives each module the parameters it takes and no others', () => {
    const wrong = resources
      .filter(({ kind }) => kind === 'module_declaration')
      .flatMap(({ file: name, type, node, symbol }) => {
        const target = file(join(dirname(name), type));
        const taken = new Map(parameters(target).map((parameter) => [parameter.name, parameter.required]));
        const given = all(node, 'object_property').find((one) => one.namedChildren[0]?.text === 'params')!.namedChildren[1]!;
        const names = given.namedChildren.flatMap((child) => (child?.type === 'object_property' ? [child.namedChildren[0]!.text] : []));
        const unknown = names.filter((one) => !taken.has(one)).map((one) => `${symbol}: ${one} is not taken`);
        const missing = [...taken]
          .filter(([one, required]) => required && !names.includes(one))
          .map(([one]) => `${symbol}: ${one} is missing`);
        return [...unknown, ...missing];
      });
    expect(wrong).toEqual([]);
  });

  it('makes the queue of each function that takes messages, and the one for those it cannot take', () => {
    const registered = readFileSync(join(infra, '../src/functions/main.ts'), 'utf8');
    const queues = [...registered.matchAll(/queueName: '([\w-]+)'/g)].map(([, name]) => name!);
    expect(queues.length).toBeGreaterThan(2);
    const { text } = file('modules/storage.bicep');
    expect(queues.flatMap((name) => [name, `${name}-poison`]).filter((name) => !text.includes(`{ name: '${name}' }`))).toEqual([]);
  });

  it('describes each parameter of what people deploy', () => {
    const undescribed = ['main.bicep', 'reader.managementGroup.bicep', 'reader.subscription.bicep'].flatMap((name) =>
      parameters(file(name))
        .filter(({ described }) => !described)
        .map((parameter) => `${name}: ${parameter.name}`),
    );
    expect(undescribed).toEqual([]);
  });

  it('takes no secret without @secure, and gives none back', () => {
    const suspicious = /(password|secret|key|token|connectionString)$/i;
    expect(
      files.flatMap((one) =>
        parameters(one)
          .filter(({ name, secure }) => suspicious.test(name) && !secure)
          .map(({ name }) => name),
      ),
    ).toEqual([]);
    expect(
      files.flatMap(({ name, text }) =>
        [...text.matchAll(/listKeys|listSecrets|AccountKey|SharedAccess|\blist\(/g)].map(([hit]) => `${name}: ${hit}`),
      ),
    ).toEqual([]);
    const outputs = files.flatMap(({ name, root }) =>
      all(root, 'output_declaration').map((node) => `${name}: ${node.namedChildren[0]!.text}`),
    );
    expect(outputs.length).toBeGreaterThan(10);
    expect(outputs.filter((output) => /password|secret|key$/i.test(output))).toEqual([]);
  });

  it('keeps storage without keys, without anonymous reading, on TLS 1.2', () => {
    const [account, ...more] = ofType('Microsoft.Storage/storageAccounts');
    expect(more).toEqual([]);
    expect({
      keys: property(account!.node, 'allowSharedKeyAccess'),
      anonymous: property(account!.node, 'allowBlobPublicAccess'),
      tls: property(account!.node, 'minimumTlsVersion'),
      https: property(account!.node, 'supportsHttpsTrafficOnly'),
    }).toEqual({ keys: 'false', anonymous: 'false', tls: 'TLS1_2', https: 'true' });
    expect(property(ofType('Microsoft.Web/sites')[0]!.node, 'httpsOnly')).toBe('true');
    expect(property(ofType('Microsoft.Web/sites')[0]!.node, 'minTlsVersion')).toBe('1.2');
    expect(property(ofType('Microsoft.KeyVault/vaults')[0]!.node, 'enableRbacAuthorization')).toBe('true');
    expect(property(ofType('Microsoft.Insights/components')[0]!.node, 'DisableLocalAuth')).toBe('true');
  });

  it('names only roles that Azure has, each with its own name', () => {
    const named = files.flatMap(({ name, text }) =>
      [...text.matchAll(/(\w+)\s*[:=]\s*'([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'/g)].map(([, symbol, id]) => ({
        name,
        symbol: symbol!,
        id: id!,
      })),
    );
    expect(named.length).toBeGreaterThan(5);
    for (const { symbol, id } of named) expect(builtInRole(roleId(id))?.name.replaceAll(' ', '').toLowerCase()).toBe(symbol.toLowerCase());
  });

  it('gives the auditor nothing that can change what it audits', () => {
    const role = JSON.parse(readFileSync(join(infra, 'auditor-role.json'), 'utf8')) as { readonly actions: readonly string[] };
    expect(role.actions.length).toBeGreaterThan(10);
    expect(role.actions.filter((action) => !action.endsWith('/read'))).toEqual([]);
    expect(role.actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('sets only settings that the product or the host reads', () => {
    const app = file('modules/function-app.bicep').text;
    const body = app.slice(app.indexOf('var ownSettings'), app.indexOf('var secrets'));
    const set = [...body.matchAll(/\b([A-Z][A-Za-z]*_[A-Za-z_]+|CREDENTIAL|CLOUD|STORE):/g)].map(([, name]) => name!);
    expect(set).toContain('STORE');
    expect(body).toMatch(/^ {2}languageWorkers__node__arguments: '--enable-source-maps'/m);
    const ours = new Set(Object.keys(environment.shape));
    expect(set.filter((name) => !ours.has(name) && !/^(AzureWebJobsStorage__|APPLICATIONINSIGHTS_)/.test(name))).toEqual([]);
  });
});

interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly described: boolean;
  readonly secure: boolean;
}

function parameters({ text }: BicepFile): readonly Parameter[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const [, name, rest] = /^param (\w+) \w+(.*)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const decorators: string[] = [];
    for (let above = at - 1; above >= 0 && lines[above]!.startsWith('@'); above--) decorators.push(lines[above]!);
    return [
      {
        name,
        required: !rest!.includes('='),
        described: decorators.some((decorator) => decorator.startsWith('@description(')),
        secure: decorators.includes('@secure()'),
      },
    ];
  });
}
