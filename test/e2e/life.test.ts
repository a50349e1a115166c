import { describe, expect, it } from 'vitest';
import { audit, collected } from './audit.ts';
import { folder, miAudit, world } from './mi-audit.ts';
import { inProd, roles, small } from './rows.ts';

describe('findings live in time', { timeout: 180_000 }, () => {
  it('keeps findings as they were while it cannot see', async () => {
    const store = await folder();
    const dir = await world(small);
    const before = await audit(dir, '--store', store);
    await world(small, { denied: ['graph'] }, dir);
    const blind = await audit(dir, '--store', store);
    expect(blind.code).toBe(3);
    expect(blind.findings).toMatchObject([{ id: before.findings[0]?.id, status: 'open' }]);
    expect(blind.summary.resolved).toBe(0);
  });

  it('is new once, then known, resolved when it is gone, and reopened when it is back', async () => {
    const store = await folder();
    const dir = await world(small);
    const seen = async () => {
      const report = await audit(dir, '--store', store);
      return [report.findings.map(({ status }) => status), [report.summary.new, report.summary.resolved, report.summary.reopened]];
    };
    expect(await seen()).toEqual([['new'], [1, 0, 0]]);
    expect(await seen()).toEqual([['open'], [0, 0, 0]]);
    const [, , alive] = small['arg/authorizationresources'];
    await world({ ...small, 'arg/authorizationresources': [...roles, alive] }, {}, dir);
    expect(await seen()).toEqual([['resolved'], [0, 1, 0]]);
    expect(await seen()).toEqual([[], [0, 0, 0]]);
    await world(small, {}, dir);
    expect(await seen()).toEqual([['reopened'], [0, 0, 1]]);
  });

  it('can be accepted with a reason and an end, and that can be ended', async () => {
    const store = await folder();
    const dir = await world(small);
    const [found] = (await audit(dir, '--store', store)).findings;
    const id = found!.id;
    const common = ['--world', dir, '--store', store];
    expect(
      (await miAudit(['accept', id, '--reason', 'leaves with the project', '--until', '2026-12-31', '--author', 'ops', ...common])).code,
    ).toBe(0);
    const accepted = await audit(dir, '--store', store, '--fail-on', 'info');
    expect(accepted).toMatchObject({ code: 0, summary: { accepted: 1, new: 0 } });
    const shown = await miAudit(['show', id.slice(-16, -6), '--store', store]);
    expect(shown.out).toContain('leaves with the project');
    expect((await miAudit(['unaccept', id, '--author', 'ops', ...common])).code).toBe(0);
    expect(await audit(dir, '--store', store, '--fail-on', 'info')).toMatchObject({ code: 10, summary: { accepted: 0 } });
  });

  it('writes nothing in a dry run', async () => {
    const store = await folder();
    const dir = await world(small);
    await audit(dir, '--store', store);
    const stored = async () => [
      (await miAudit(['findings', '--store', store, '--format', 'json'])).out,
      (await miAudit(['runs', '--store', store, '--format', 'json'])).out,
    ];
    const before = await stored();
    const report = await audit(await world({ ...small, 'arg/authorizationresources': roles }), '--store', store, '--dry-run');
    expect(report).toMatchObject({ summary: { resolved: 1 } });
    expect(await stored()).toEqual(before);
    expect(JSON.parse(before[1]!)).toMatchObject({ runs: [{ state: 'finished' }] });
  });

  it('resolves what a setting excludes without calling it fixed', async () => {
    const store = await folder();
    const dir = await world(small);
    await audit(dir, '--store', store);
    const { out } = await miAudit(['audit', '--world', dir, '--store', store, '--format', 'json'], {
      environment: { EXCLUDE_SCOPES: inProd('/resourceGroups/rg') },
    });
    expect(JSON.parse(out)).toMatchObject({
      findings: [{ status: 'resolved', resolvedBy: 'excluded' }],
      summary: { resolved: 0 },
      excluded: [{ rule: 'orphaned-assignment' }],
    });
  });
});

it('does not let an old estate undo what was found since', async () => {
  const store = await folder();
  const file = await collected(await world(small));
  await audit(await world(small), '--store', store, '--now', '2026-12-01T00:00:00Z');
  const outcome = await miAudit(['audit', '--estate', file, '--store', store]);
  expect(outcome).toMatchObject({ code: 2, err: expect.stringContaining('later audit') });
  expect((await miAudit(['audit', '--estate', file, '--store', store, '--dry-run'])).code).toBe(0);
}, 180_000);
