import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { az } from '../../src/rules/index.ts';
import { guid, mg, sub } from '../build/estate.ts';
import { argvOf, parseAz } from './az-line.ts';

const group = `${sub('prod')}/resourceGroups/rg-app`;

describe('az lines', () => {
  it('delete an assignment by its id, at any scope', () => {
    const id = `${mg('corp')}/providers/Microsoft.Authorization/roleAssignments/${guid('one')}`;
    expect(az.deleteAssignment(id)).toBe(`az role assignment delete --ids '${id}'`);
  });

  it('make an assignment by object id, never by name', () => {
    expect(az.createAssignment({ principalId: guid('p'), roleId: guid('r'), scopeId: '/' })).toBe(
      `az role assignment create --assignee-object-id ${guid('p')} --assignee-principal-type ServicePrincipal --role ${guid('r')} --scope '/'`,
    );
  });

  it('are not printed for an id with braces, which az takes for a template of its own; a condition may hold them', () => {
    expect(
      az.deleteAssignment(`${group}/providers/x/y/{0}/providers/Microsoft.Authorization/roleAssignments/${guid('one')}`),
    ).toBeUndefined();
    const condition = "!(ActionMatches{'a/b'})";
    expect(az.createAssignment({ principalId: guid('p'), roleId: guid('r'), scopeId: group, condition })).toContain('ActionMatches{');
    expect(az.createAssignment({ principalId: guid('p'), roleId: guid('r'), scopeId: `${group}/providers/x/y/a}` })).toBeUndefined();
  });

  it('carry a condition that was written over several lines as one', () => {
    const line = az.createAssignment({
      principalId: guid('p'),
      roleId: guid('r'),
      scopeId: group,
      condition: "(\n  @Resource[a] StringEquals 'b'\n)\n",
    });
    expect(parseAz(line!).get('condition')).toEqual(["( @Resource[a] StringEquals 'b' )"]);
    expect(parseAz(line!).get('condition-version')).toEqual(['2.0']);
  });

  it('name a vault by name, group and subscription', () => {
    const line = az.setVaultPolicy(`${group}/providers/Microsoft.KeyVault/vaults/kv`, guid('p'), {
      keys: ['wrapKey'],
      secrets: ['get', 'list'],
      certificates: [],
    });
    expect(line).toBe(
      `az keyvault set-policy --name kv --resource-group rg-app --subscription ${guid('prod')} --object-id ${guid('p')} --key-permissions wrapKey --secret-permissions get list`,
    );
  });

  it('name a credential by its identity', () => {
    const id = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app-id/federatedIdentityCredentials/door`;
    expect(az.deleteCredential(id)).toBe(
      `az identity federated-credential delete --name door --identity-name app-id --resource-group rg-app --subscription ${guid('prod')} --yes`,
    );
    expect(az.updateCredential({ id, issuer: 'https://a.test/', subject: 'b:c', audiences: ['api://x'] })).toContain(
      "--issuer 'https://a.test/' --subject 'b:c' --audiences 'api://x'",
    );
  });

  it('show policy assignments by their own command, since az takes no id of a management group', () => {
    const policy = '/providers/Microsoft.Authorization/policyAssignments/deploy';
    expect(az.showResource(`${mg('corp')}${policy}`)).toBe(`az policy assignment show --name deploy --scope '${mg('corp')}'`);
    expect(az.showResource(`${group}${policy}`)).toBe(`az policy assignment show --name deploy --scope '${group}'`);
    expect(az.showResource(`${group}/providers/Microsoft.Web/sites/web`)).toContain('az resource show --ids');
    expect(az.showResource(mg('corp'))).toBeUndefined();
  });

  it('write a value that begins with a dash so that az reads no option', () => {
    expect(az.command('identity delete', { ids: '--all' })).toBe("az identity delete --ids='--all'");
    expect(az.command('identity delete', { ids: ['--all', 'b'] })).toBeUndefined();
  });

  it.each(['', 'a\nb', 'a\u0000b', 'a\u202Eb', 'a\u200Bb', '@/etc/passwd', 'x=@/etc/passwd', '\uD800'])(
    'are not printed for %j',
    (name) => {
      expect(az.command('identity delete', { ids: name })).toBeUndefined();
      const step = az.step('Delete it.', az.command('identity delete', { ids: name }));
      expect(step).not.toHaveProperty('cli');
      expect(step.text).toContain('No command is printed');
    },
  );

  it('are not printed where an id is not what its command needs', () => {
    expect(az.deleteVaultPolicy('/providers/Microsoft.KeyVault/vaults/kv', guid('p'))).toBeUndefined();
    expect(az.deleteCredential('/somewhere/else')).toBeUndefined();
  });

  it('give the shell back every name as one word (property, read by our own tokenizer)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        const line = az.command('identity delete', { ids: name });
        const read = line === undefined ? undefined : argvOf(line).join(' ');
        expect([undefined, `az identity delete --ids${name.startsWith('-') ? '=' : ' '}${name}`]).toContain(read);
      }),
      { numRuns: 2000 },
    );
  });

  it('give the shell back every name as one word (read by a real shell)', () => {
    const names = fc.sample(fc.stringMatching(/^[a-z'"`$(){};&|<>*?~#!\\ =%^[\]-]{1,40}$/), { numRuns: 200, seed: 7 });
    const lines = names.map((name) => az.command('identity delete', { ids: name })!);
    // `az` is a function that prints its arguments, one a line.
    const script = `az() { for word in "$@"; do printf '%s\\n' "$word"; done; }\n${lines.join('\n')}\n`;
    const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n');
    const expected = names.flatMap((name) =>
      name.startsWith('-') ? ['identity', 'delete', `--ids=${name}`] : ['identity', 'delete', '--ids', name],
    );
    expect(words.slice(0, -1)).toEqual(expected);
  });
});
