import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { roles } from '../../src/api/contract/index.ts';
import { auditRequestQueue, doorbellQueue, shardQueueName } from '../../src/azure/index.ts';
import { run } from '../../src/cli/run.ts';
import { describeSettings } from '../../src/config/index.ts';
import { az, ran, sayIfSkipped } from '../sandbox/az-cli.ts';
import { commandsOf, root, takenApart } from './shell-blocks.ts';

/** A reader deploys from these pages without asking: each command, flag, file, parameter, output and setting in them is there. */
const pages = [
  'README.md',
  'docs/deployment.md',
  'docs/page.md',
  'docs/channels.md',
  'docs/api.md',
  'docs/operations.md',
  'docs/troubleshooting.md',
  'docs/upgrading.md',
];
const guide = readFileSync(join(root, 'docs/deployment.md'), 'utf8');
const bicep = readFileSync(join(root, 'infra/main.bicep'), 'utf8');
const commands = pages.flatMap((page) => commandsOf(page).map((command) => ({ page, command })));
const azCommands = commands
  .map((one) => ({ ...one, command: one.command.replace(/^\w+="?(?=az )/, '') }))
  .filter(({ command }) => command.startsWith('az '));

/** Newer than the Azure CLI of Debian, or, like its `keyvault secret`, broken there by another package of that system: neither can be asked here. */
const unasked = new Set(['az functionapp list-flexconsumption-locations', 'az keyvault secret set']);

describe('the deployment guide', () => {
  it('has commands', () => {
    expect(azCommands.length).toBeGreaterThan(18);
    expect(azCommands.map(({ command }) => command)).toContainEqual(expect.stringMatching(/^az ad signed-in-user show/));
  });

  it('names each parameter of main.bicep, with its default, and no other', () => {
    const parameters = new Map([...bicep.matchAll(/^param (\w+) \w+ = (.*)$/gm)].map(([, name, value]) => [name!, value!]));
    const rows = [...guide.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| ([^|]+) \| [^|]+ \|$/gm)];
    const named = rows.flatMap(([, names, values]) => {
      const all = [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
      const defaults = [...values!.matchAll(/`([^`]*)`/g)].map(([, value]) => value!);
      return all.map((name, at) => [name, all.length === defaults.length ? defaults[at] : undefined] as const);
    });
    expect(named.map(([name]) => name).toSorted()).toEqual([...parameters.keys()].toSorted());
    const said = named.filter(([, value]) => value !== undefined);
    expect(said.length).toBeGreaterThan(6);
    expect(said).toEqual(said.map(([name]) => [name, parameters.get(name)?.replaceAll("'", '')]));
  });

  it('takes only outputs that main.bicep gives', () => {
    const outputs = [...bicep.matchAll(/^output (\w+) /gm)].map(([, name]) => name!);
    const taken = [...guide.matchAll(/\$\(out (\w+)\)/g)].map(([, name]) => name!);
    expect(taken.length).toBeGreaterThan(4);
    expect(taken.filter((name) => !outputs.includes(name))).toEqual([]);
  });

  it('makes an application with the roles and the scope that the API knows', () => {
    const application = JSON.parse(readFileSync(join(root, 'infra/page-application.json'), 'utf8')) as {
      readonly appRoles: readonly { readonly value: string; readonly id: string }[];
      readonly api: { readonly oauth2PermissionScopes: readonly { readonly value: string }[] };
    };
    expect(application.appRoles.map(({ value }) => value)).toEqual(roles);
    expect(new Set(application.appRoles.map(({ id }) => id)).size).toBe(roles.length);
    expect(application.api.oauth2PermissionScopes.map(({ value }) => value)).toEqual(['access_as_user']);
  });
});

describe('the operations guide', () => {
  const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8');

  it('lists each function that is registered, and each poison queue', () => {
    const registered = [
      ...readFileSync(join(root, 'src/functions/main.ts'), 'utf8').matchAll(/^app\.(?:timer|storageQueue|http)\('([^']+)'/gm),
    ].map(([, name]) => name!);
    const section = operations.slice(operations.indexOf('## The functions'), operations.indexOf('## No complete audit'));
    expect([...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name!).toSorted()).toEqual(registered.toSorted());
    for (const queue of [doorbellQueue, auditRequestQueue, shardQueueName]) expect(operations).toContain(`| \`${queue}-poison\` |`);
  });

  it('has a chapter for each alert', () => {
    const alerts = [...readFileSync(join(root, 'infra/modules/alerts.bicep'), 'utf8').matchAll(/docs\/operations\.md, "([^"]+)"/g)].map(
      ([, name]) => name!,
    );
    expect(alerts.length).toBeGreaterThan(1);
    for (const alert of alerts) expect(operations).toContain(`\n## ${alert}\n`);
  });
});

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const own = commands.filter((one) => one.page === page).map(({ command }) => command);

  it('names only files that are there, or that it has just made', () => {
    const made = new Set(['dist/mi-audit.zip']);
    const named = own.flatMap((command) =>
      [...command.matchAll(/@?\b((?:infra|dist|src|tools|test)\/[\w./-]+)/g)].map(([, file]) => file!),
    );
    expect(named.filter((file) => !made.has(file) && !existsSync(join(root, file)))).toEqual([]);
  });

  it('names only settings that there are', () => {
    const known = new Set(describeSettings().map(({ name }) => name));
    const foreign =
      /^(AZURE_\w+|AZUREWEBSITES?_\w+|IDENTITY_\w+|MSI_\w+|HTTPS?_PROXY|ALL_PROXY|NO_PROXY|NODE_\w+|APPLICATION_?INSIGHTS_\w+|FUZZ_\w+|TEAMS_URL_ON_CALL|[A-Z]+_ID)$/;
    const named = [...text.matchAll(/`([A-Z][A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name]) => name!);
    expect([...new Set(named)].filter((name) => !known.has(name) && !foreign.test(name))).toEqual([]);
  });

  it('names only commands and flags of mi-audit that there are', async () => {
    const wrong: string[] = [];
    for (const command of own) {
      const [, rest] = /^(?:[A-Z_]+=\S* )*(?:npx )?mi-audit (.*)$/.exec(command) ?? [];
      if (rest === undefined) continue;
      const { words, flags } = takenApart(rest);
      const help = await helpOf(words[0]!);
      for (const flag of flags) if (!help.includes(flag)) wrong.push(`${command}: ${flag}`);
      if (!help.includes(`mi-audit ${words[0]}`)) wrong.push(command);
    }
    expect(wrong).toEqual([]);
  });
});

async function helpOf(command: string): Promise<string> {
  const stdout = new PassThrough();
  await run([command, '--help'], { stdout, stderr: stdout, environment: {} } as unknown as Parameters<typeof run>[1]);
  return String(stdout.read() ?? '');
}

sayIfSkipped('test/docs/commands.test.ts');
describe.skipIf(az === undefined)('the real Azure CLI', { timeout: 240_000 }, () => {
  it('knows each command of the guides, with its flags', async () => {
    const byCommand = Map.groupBy(
      azCommands.map(({ command }) => takenApart(command)),
      ({ words }) => words.join(' '),
    );
    const wrong: string[] = [];
    const ask = async ([command, uses]: readonly [string, readonly { readonly flags: readonly string[] }[]]): Promise<void> => {
      if (unasked.has(command)) return;
      const { code, stdout } = await ran('az', [...command.split(' ').slice(1), '--help'], {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        AZURE_CORE_COLLECT_TELEMETRY: 'false',
      });
      if (code !== 0) wrong.push(command);
      const flags = new Set([...stdout.matchAll(/(?<=^| )(--?[a-z][\w-]*)/gm)].map(([flag]) => flag));
      for (const flag of uses.flatMap((use) => use.flags)) if (!flags.has(flag)) wrong.push(`${command} ${flag}`);
    };
    const all = [...byCommand];
    expect(all.length).toBeGreaterThan(10);
    const half = Math.ceil(all.length / 2);
    await Promise.all(
      [all.slice(0, half), all.slice(half)].map(async (some) => {
        for (const one of some) await ask(one);
      }),
    );
    expect(wrong).toEqual([]);
  });
});
