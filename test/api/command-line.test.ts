import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteTable, openStore } from '../../src/store/index.ts';
import { miAudit } from '../e2e/mi-audit.ts';
import { day, violation } from '../findings/world.ts';
import { audit, clock } from '../store/audit.ts';
import { estate } from '../build/estate.ts';
import { api, person, send } from './api.ts';
import { hostile } from './tenant.ts';

/** The same store, asked over HTTP and from a terminal: one truth. */
let folder = '';
let asked: Awaited<ReturnType<typeof api>>;
let store: ReturnType<typeof openStore>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mi-audit-api-'));
  store = openStore(openSqliteTable(folder), clock);
  await audit(store, {
    now: day(18),
    estate: estate(),
    violations: [violation('/a', { title: hostile }), violation('/b', { severity: 'critical', confidence: 'certain' })],
  });
  asked = await api({ store: async () => store });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const cli = async (...args: readonly string[]) => {
  const outcome = await miAudit([...args, '--store', folder]);
  expect(outcome.err).toBe('');
  return outcome.out;
};

describe('API and command line', () => {
  it('list the same findings, field by field, with the same coverage', async () => {
    const printed = JSON.parse(await cli('findings', '--format', 'json')) as { findings: { id: string }[]; run: { id: string } };
    const { body } = await asked.ask('/api/findings');
    expect(body.items).toEqual(printed.findings);
    expect(body.coverage.runId).toBe(printed.run.id);
    const csv = await asked.ask('/api/findings', person(), { headers: { accept: 'text/csv' } });
    expect(csv.text.replace('\uFEFF', '').trim()).toBe((await cli('findings', '--format', 'csv')).trim());
  });

  it('show the same decision, with the name of whoever made it', async () => {
    const manager = person({ roles: ['Findings.Manage'] });
    const id = (await asked.ask('/api/findings')).body.items[0].id as string;
    expect(
      (await asked.ask(`/api/findings/${id}/exception`, manager, send({ reason: 'moved in spring', until: '2027-03-31' }))).status,
    ).toBe(200);
    const shown = await cli('show', id);
    expect(shown).toContain('moved in spring');
    expect(shown).toContain('somebody@contoso.example');
    const listed = JSON.parse(await cli('findings', '--format', 'json', '--status', 'accepted')) as { findings: { id: string }[] };
    expect(listed.findings.map((finding) => finding.id)).toEqual([id]);
    await audit(store, {
      now: day(21),
      estate: estate(),
      violations: [violation('/a', { title: hostile }), violation('/b', { severity: 'critical', confidence: 'certain' })],
    });
    expect((await asked.ask(`/api/findings/${id}`)).body.finding.status).toBe('accepted');
  });
});
