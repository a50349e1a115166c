import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { severities, rules, type Severity } from '../../src/rules/index.ts';
import { writeContoso, type Planted } from '../../src/sandbox/generate/index.ts';

/**
 * The whole pipeline on the built-in world: real credential, real clients, real KQL. What contoso plants must be found, what only looks like it
 * must not. The list of all findings is kept beside this file; `npx vitest run test/golden -u` writes it anew.
 */
const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'golden-'));
const world = join(folder, 'contoso');
const planted = await writeContoso(world);
let usual: Report;
let strict: Report;

beforeAll(async () => {
  usual = await audit({});
  strict = await audit({ REQUIRED_TAGS: 'owner' });
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

const ruleOf = (one: Planted): string => one.problem.replace('look-alike of ', '');
const reportFor = (one: Planted): Report => (one.setting === undefined ? usual : strict);
const rank = (severity: Severity): number => severities.indexOf(severity);
const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const found = (one: Planted): readonly Finding[] =>
  reportFor(one).findings.filter((each) => each.rule === ruleOf(one) && same(each.subject, one.subject));

test('the audit of contoso sees everything', () => {
  expect(usual.coverage.filter((gap) => gap.state !== 'whole' && gap.slice !== 'denyAssignments')).toEqual([]);
  expect(usual.rules.filter((rule) => rule.verdict !== 'checked')).toEqual([]);
});

test.each(rules.map((rule) => rule.id))('%s has a planted problem and a look-alike', (rule) => {
  expect(planted.some((one) => one.problem === rule && one.expect === 'finding')).toBe(true);
  expect(planted.some((one) => one.problem === `look-alike of ${rule}`)).toBe(true);
});

describe('planted problems are found', () => {
  const problems = planted.filter((one) => one.expect === 'finding');
  test.each(problems.map((one) => [`${one.problem}: ${one.note}`, one] as const))('%s', (_, one) => {
    expect(found(one)).not.toEqual([]);
  });
});

describe('what Azure asked for, or a condition narrows, is lowered and not hidden', () => {
  const problems = planted.filter((one) => one.expect === 'lowered');
  test.each(problems.map((one) => [`${one.problem}: ${one.note}`, one] as const))('%s', (_, one) => {
    const usually = rules.find((rule) => rule.id === one.problem)!.severity;
    expect(found(one).map((each) => rank(each.severity) > rank(usually))).toEqual([true]);
  });
});

describe('look-alikes stay silent', () => {
  const lookAlikes = planted.filter((one) => one.expect === 'silent' && ruleOf(one) !== 'every rule');
  test.each(lookAlikes.map((one) => [`${one.problem}: ${one.note}`, one] as const))('%s', (_, one) => {
    expect(found(one)).toEqual([]);
  });
});

test('nothing is found in the resource groups of healthy workloads', () => {
  const healthy = planted.filter((one) => ruleOf(one) === 'every rule').map((one) => `${one.subject.toLowerCase()}/`);
  const inside = (id: string): boolean => healthy.some((group) => `${id.toLowerCase()}/`.startsWith(group));
  expect(
    usual.findings
      .filter((each) => inside(each.subject) || inside(each.scope) || inside(each.principal.resourceId))
      .map((each) => `${each.rule} ${each.subject}`),
  ).toEqual([]);
  expect(healthy).toHaveLength(20);
});

test('the findings are those of the golden list', async () => {
  const lines = usual.findings.map(
    (each) => `${each.rule} | ${each.severity} | ${each.confidence} | ${each.proof || '-'} | ${each.subject}`,
  );
  await expect(`${lines.toSorted().join('\n')}\n`).toMatchFileSnapshot('contoso.findings.txt');
});

interface Finding {
  readonly rule: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly confidence: string;
  readonly proof: string;
  readonly scope: string;
  readonly principal: { readonly resourceId: string };
}

interface Report {
  readonly findings: readonly Finding[];
  readonly coverage: readonly { readonly slice: string; readonly scope: string; readonly state: string; readonly why: string }[];
  readonly rules: readonly { readonly id: string; readonly verdict: string; readonly because: string }[];
}

/** A process each: Azure's identity library remembers the first identity endpoint that it met for as long as the process lives. */
async function audit(settings: Readonly<Record<string, string>>): Promise<Report> {
  const store = join(folder, `store ${Object.keys(settings).join(' ')}`);
  // What the watch saw being made, the audit judges with the rest.
  await run('watch', store, settings);
  const report: Report = JSON.parse(await run('audit', store, settings));
  return report;
}

async function run(command: 'watch' | 'audit', store: string, settings: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, [cli, command, '--world', world, '--store', store, '--format', 'json', '--quiet'], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all(
    [child.stdout, child.stderr].map(async (stream) => (await stream.setEncoding('utf8').toArray()).join('')),
  );
  const [code] = await ended;
  if (code !== 0 && code !== 3) throw new Error(`The ${command} ended with ${String(code)}: ${stderr}`);
  return stdout ?? '';
}
