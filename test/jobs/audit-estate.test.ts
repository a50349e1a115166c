import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/config/index.ts';
import type { Estate } from '../../src/estate/index.ts';
import { noCalls } from '../../src/findings/index.ts';
import { auditEstate, type AuditRequest } from '../../src/jobs/audit-estate.ts';
import type { RecordTable } from '../../src/ports/index.ts';
import { rules } from '../../src/rules/index.ts';
import { openStore } from '../../src/store/index.ts';
import { assign, directory, estate, pid, principal, reader, sub, userAssigned } from '../build/estate.ts';
import { memoryTable } from '../fakes/record-table.ts';

const alive = userAssigned('id-app');
const orphaned = (): Estate => {
  const assignments = [assign(pid('gone'), reader, sub('prod'))];
  return estate({ identities: [alive], assignments, directory: directory({ found: [principal(alive)], absent: [pid('gone')] }) });
};

function request(table: RecordTable, part: Partial<AuditRequest> = {}): AuditRequest {
  const read = readSettings({});
  if (!('settings' in read)) throw new Error('the defaults are no settings');
  return {
    source: { collect: async () => ({ estate: orphaned(), calls: noCalls }) },
    store: openStore(table, { nowMs: () => Date.parse('2026-11-20T08:00:00Z') }),
    settings: read.settings,
    rules,
    now: () => '2026-11-20T08:00:00.000Z',
    holder: 'test',
    dryRun: false,
    progress: () => {},
    ...part,
  };
}

const statuses = async (given: AuditRequest) =>
  (await auditEstate(given)).findings.filter(({ rule }) => rule === 'orphaned-assignment').map(({ status }) => status);

describe('an audit', () => {
  it('tells a finding as new once', async () => {
    const table = memoryTable();
    expect(await statuses(request(table))).toEqual(['new']);
    expect(await statuses(request(table))).toEqual(['open']);
  });

  it('prints only what the contract publishes', async () => {
    const { findings } = await auditEstate(request(memoryTable()));
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) expect(Object.keys(finding)).not.toEqual(expect.arrayContaining(['statusRunId']));
  });

  it('decides the same in a dry run, and leaves no trace', async () => {
    const table = memoryTable();
    await auditEstate(request(table));
    const before = table.dump();
    const dry = await auditEstate(request(table, { dryRun: true }));
    expect(dry.run).toMatchObject({ dryRun: true, id: 'dry-run' });
    expect(dry.findings.map(({ status }) => status)).not.toContain('new');
    expect(table.dump()).toEqual(before);
  });

  it('does not start while another one runs, and says whose', async () => {
    const table = memoryTable();
    const other = request(table, { holder: 'machine-b:7' });
    let inside: Promise<unknown> | undefined;
    await auditEstate({
      ...other,
      source: {
        collect: async () => {
          inside = auditEstate(request(table, { holder: 'machine-a:1' })).then(
            () => 'ran',
            (error: Error) => error.message,
          );
          await inside;
          return { estate: orphaned(), calls: noCalls };
        },
      },
    });
    expect(await inside).toMatch(/Another audit is running on this store \(machine-b:7, until /);
  });

  it('stores a run that failed before it wrote as failed, and gives the lease back', async () => {
    const table = memoryTable();
    const broken = request(table, { source: { collect: () => Promise.reject(new Error('could not sign in')) } });
    await expect(auditEstate(broken)).rejects.toThrow('could not sign in');
    expect(await broken.store.runs(5)).toMatchObject([{ state: 'failed', complete: false }]);
    expect(await statuses(request(table))).toEqual(['new']);
    expect((await broken.store.runs(5)).map(({ state }) => state)).toEqual(['finished', 'failed']);
  });

  it('writes nothing more once its lease is lost', async () => {
    const table = memoryTable();
    const given = request(table);
    const stolen: AuditRequest = {
      ...given,
      source: {
        collect: async () => {
          // Somebody took it over: this run was thought dead.
          await openStore(table, { nowMs: () => Date.parse('2026-11-20T09:00:00Z') }).lease('audit', 'thief', 120);
          return { estate: orphaned(), calls: noCalls };
        },
      },
    };
    await expect(auditEstate(stolen)).rejects.toThrow(/lease/i);
    for await (const finding of given.store.findings({})) expect(finding).toBeUndefined();
    expect(await given.store.runs(5)).toMatchObject([{ state: 'started' }]);
  });

  it('never mixes two tenants in one store', async () => {
    const table = memoryTable();
    await auditEstate(request(table));
    const open = async () => (await statuses(request(table, { dryRun: true }))).length;
    const other = request(table, {
      source: { collect: async () => ({ estate: estate({ tenantId: pid('another tenant') }), calls: noCalls }) },
    });
    await expect(auditEstate(other)).rejects.toThrow(/findings of tenant/);
    expect(await open()).toBe(1);
    expect(await statuses(request(table))).toEqual(['open']);
  });

  it('is incomplete as soon as one rule could not decide', async () => {
    const blind = estate({ identities: [alive], gaps: [{ slice: 'hosts', scope: '/', state: 'missing', why: 'refused' }] });
    const report = await auditEstate(request(memoryTable(), { source: { collect: async () => ({ estate: blind, calls: noCalls }) } }));
    expect(report.run.complete).toBe(false);
    expect(report.coverage).toContainEqual({ slice: 'hosts', scope: '/', state: 'missing', why: 'refused', permission: '' });
  });
});
