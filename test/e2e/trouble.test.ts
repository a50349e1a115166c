import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collected } from './audit.ts';
import { folder, miAudit, world, type Outcome } from './mi-audit.ts';
import { assignment, inProd, owner, roles, small } from './rows.ts';

describe('exit codes', () => {
  it('follow the table: findings before gaps, gaps before clean', async () => {
    const bad = { ...small, 'arg/authorizationresources': [...roles, assignment('id-app', owner, inProd(''))] };
    const seen = await collected(await world(small));
    const blind = await collected(await world(small, { denied: ['graph'] }));
    const both = await collected(await world(bad, { denied: ['graph'] }));
    const codeOf = async (file: string, ...more: readonly string[]) =>
      (await miAudit(['audit', '--estate', file, '--format', 'json', ...more])).code;
    expect([await codeOf(seen), await codeOf(seen, '--fail-on', 'high'), await codeOf(seen, '--fail-on', 'info')]).toEqual([0, 0, 10]);
    expect([await codeOf(blind), await codeOf(blind, '--fail-on', 'info')]).toEqual([3, 3]);
    expect([await codeOf(both), await codeOf(both, '--fail-on', 'low')]).toEqual([3, 10]);
  }, 180_000);
});

describe('trouble', () => {
  const fails = async (args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> =>
    miAudit(args, { environment });

  it.each<[string, readonly string[], Record<string, string>, number, RegExp]>([
    ['an unknown command', ['watsh'], {}, 2, /unknown command/],
    ['no command', [], {}, 2, /Usage/],
    ['an unknown option', ['audit', '--bogus'], {}, 2, /unknown option/],
    ['a format it does not have', ['runs', '--format', 'sarif'], {}, 2, /Allowed choices/],
    ['a severity that is none', ['audit', '--fail-on', 'terrible'], {}, 2, /Allowed choices/],
    ['a world that is not there', ['audit', '--world', '/nonexistent'], {}, 2, /world\.json is missing/],
    ['a clock without a world', ['audit', '--now', '2026-11-20T08:00:00Z'], {}, 2, /needs --world/],
    ['a clock that is none', ['audit', '--world', '.', '--now', 'today'], {}, 2, /instant/],
    ['two sources', ['audit', '--world', '.', '--estate', 'x'], {}, 2, /name one/],
    ['settings, all at once', ['audit'], { CLOUD: 'mars', AUDIT_SCHEDULE: 'daily' }, 2, /CLOUD must[\s\S]*AUDIT_SCHEDULE must/],
    ['no store', ['findings'], {}, 2, /--store/],
    ['a finding nobody stored', ['show', 'orphaned-assignment-0000000000000000', '--store', '.'], {}, 2, /No stored finding|cannot be/],
    ['an estate file that is none', ['audit', '--estate', 'package.json'], {}, 2, /Line 1/],
    ['a rule that is none', ['explain', 'no-such-rule'], {}, 2, /no rule/],
  ])('%s is told in a sentence', async (_name, args, environment, code, words) => {
    const store = args.indexOf('--store');
    const given = store < 0 ? args : args.with(store + 1, await folder());
    const outcome = await fails(given, environment);
    expect([outcome.code, outcome.out]).toEqual([code, '']);
    expect(outcome.err).toMatch(words);
    expect(outcome.err).not.toMatch(/^\s+at /m);
  });

  it('a sign-in that fails is exit code 1, with what to check', async () => {
    const outcome = await fails(['audit', '--store', await folder()], {
      IDENTITY_ENDPOINT: 'http://127.0.0.1:9/token',
      IDENTITY_HEADER: 'x',
    });
    expect(outcome.code).toBe(1);
    expect(outcome.err).toMatch(/could not sign in/);
  }, 180_000);

  it('a world that is no JSON names the file', async () => {
    const dir = await world({});
    await rm(join(dir, 'world.json'));
    expect((await fails(['audit', '--world', dir])).code).toBe(2);
  });
});
