import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/rules/index.ts';
import { contoso } from '../../src/sandbox/generate/index.ts';
import { guid } from '../build/estate.ts';
import { miAudit, world } from './mi-audit.ts';
import { inProd, small } from './rows.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const start = (file: string, ...args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> =>
  spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });

async function outputOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
): Promise<{ readonly code: number | null; readonly out: string }> {
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out };
}

describe('npm start', () => {
  it('shows an audit from end to end and ends by itself', async () => {
    const { code, out } = await outputOf(start('tools/start.ts'));
    expect(code).toBe(0);
    const problems = contoso().planted.filter(
      ({ expect: expected, setting, problem }) => expected !== 'silent' && setting === undefined && rules.some(({ id }) => id === problem),
    );
    expect(problems.length).toBeGreaterThan(20);
    for (const { problem } of problems) expect(out).toMatch(new RegExp(`ok  ${problem} +(\\d+) of \\1 found`));
    expect(out).toContain('Nothing new.');
    expect(out).toContain('az role assignment delete --ids ');
    expect(out).toContain('Resolved.');
    expect(out).not.toMatch(/missed:|found, but it is none/);
  }, 180_000);
});

describe('mi-audit sandbox', () => {
  it('prints what a shell can evaluate, serves, and ends on a signal', async () => {
    const child = start('src/cli/main.ts', 'sandbox', '--world', await world(small));
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.includes('az login --identity')) break;
    }
    const exports = Object.fromEntries(
      lines.filter((line) => line.startsWith('export ')).map((line) => /^export ([A-Z_]+)='(.*)'$/.exec(line)!.slice(1)),
    );
    expect(lines.filter((line) => !line.startsWith('export ') && !line.startsWith('#'))).toEqual([]);
    expect(existsSync(exports['CLOUD_CA_FILE'])).toBe(true);
    // The printed environment is all that the product needs: no --world.
    const { code, out } = await miAudit(['audit', '--format', 'json'], { environment: exports });
    expect([code, JSON.parse(out).findings.length]).toEqual([0, 1]);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(existsSync(exports['CLOUD_CA_FILE'])).toBe(false);
  }, 180_000);
});

describe('bin/mi-audit.mjs', () => {
  it('passes arguments and the exit code through', async () => {
    expect(await outputOf(start('bin/mi-audit.mjs', '--version'))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect(await outputOf(start('bin/mi-audit.mjs', 'runs', '--format', 'nonsense'))).toMatchObject({ code: 2 });
  });
});

describe('mi-audit access', () => {
  const ask = async (who: string, action: string, ...more: readonly string[]) =>
    miAudit([
      'access',
      who,
      '--action',
      action,
      '--on',
      inProd('/resourceGroups/rg/providers/Microsoft.Web/sites/app'),
      '--world',
      await world(small),
      ...more,
    ]);

  it('names the path of a yes, by name, object id, client id or ARM id', async () => {
    const byName = await ask('id-app', 'Microsoft.Web/sites/read');
    expect(byName).toMatchObject({ code: 0, out: expect.stringContaining('role Reader at') });
    const byClient = await ask(guid('client id-app').toUpperCase(), 'Microsoft.Web/sites/read', '--format', 'json');
    expect(JSON.parse(byClient.out)).toMatchObject({
      schema: 'mi-audit/access/v1',
      plane: 'control',
      principal: { id: guid('id-app') },
      answer: { verdict: 'allowed' },
    });
  }, 180_000);

  it('says no with exit code 1, and refuses a name nobody has', async () => {
    expect(await ask('id-app', 'Microsoft.Web/sites/write')).toMatchObject({
      code: 1,
      out: expect.stringContaining('no grant leads there'),
    });
    expect(await ask('nobody', 'Microsoft.Web/sites/read')).toMatchObject({ code: 2, err: expect.stringContaining('Nobody named nobody') });
  }, 180_000);
});

describe('mi-audit token', () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (claims: object): string => `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
  const good = { aud: 'https://vault.azure.net', iss: 'https://sts.windows.net/t/', tid: 't', oid: 'OID', appid: 'app', exp: 4102444800 };

  it.each<[string, string, readonly string[], number, RegExp]>([
    ['the right one', token(good), ['--resource', 'https://vault.azure.net/.default', '--principal', 'oid'], 0, /good until/],
    ['a bearer header', `Bearer ${token(good)}\n`, [], 0, /vault\.azure\.net/],
    ['the answer of an identity endpoint', JSON.stringify({ access_token: token(good) }), [], 0, /good until/],
    ['the wrong audience', token(good), ['--resource', 'https://storage.azure.com/'], 1, /wrong audience/],
    ['the wrong identity', token(good), ['--principal', 'other'], 1, /another identity answered/],
    ['an old one', token({ ...good, exp: 1 }), [], 1, /past its hour/],
    ['one without an end', token({ aud: 'x' }), [], 1, /no end/],
    ['one with an end beyond all dates', token({ ...good, exp: 1e300 }), [], 1, /no end/],
  ])('reads %s', async (_name, input, args, code, words) => {
    const outcome = await miAudit(['token', ...args], { input });
    expect([outcome.code, outcome.err]).toEqual([code, '']);
    expect(outcome.out).toMatch(words);
    expect(outcome.out).not.toContain(input.slice(-20).trim());
  });

  it.each([
    ['nothing', ''],
    ['an opaque token', 'abcdef'],
    ['two parts', 'a.b'],
    ['no JSON inside', 'YQ.YQ.YQ'],
    ['too much', 'a'.repeat(70_000)],
    ['JSON that is no token', '{"a":1}'],
  ])('refuses %s without repeating it', async (_name, input) => {
    const outcome = await miAudit(['token'], { input });
    expect([outcome.code, outcome.out]).toEqual([2, '']);
    expect(outcome.err.includes(input) && input !== '').toBe(false);
  });
});
