import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { miAudit, world } from './mi-audit.ts';
import { small } from './rows.ts';

const store = mkdtempSync(join(tmpdir(), 'mi-audit-stored-'));
afterAll(() => rmSync(store, { recursive: true }));

describe('stored identities', () => {
  it('are listed and shown from what the audit stored, without collecting', async () => {
    const dir = await world(small);
    const around = ['--world', dir, '--store', store];
    expect((await miAudit(['identities', '--stored', ...around])).out).toContain('No audit has been stored yet');
    await miAudit(['audit', ...around]);
    const list = JSON.parse((await miAudit(['identities', '--stored', '--format', 'json', ...around])).out);
    expect(list).toMatchObject({ schema: 'mi-audit/stored-identities/v1', identities: [{ kind: 'user-assigned' }] });
    expect(list.coverage.length).toBeGreaterThan(10);
    // A named store is asked without being told to; no world serves an Azure to collect from here.
    const asked = await miAudit(['identities', '--store', store, '--format', 'json']);
    expect(JSON.parse(asked.out)).toEqual(list);
    const [{ principalId, name }] = list.identities;
    for (const asked of [
      ['identities', name],
      ['show', principalId],
      ['identities', principalId, '--format', 'markdown'],
    ])
      expect((await miAudit([...asked, ...around])).out).toContain('## What it may do, and why anybody should ask');
    const nobody = await miAudit(['identities', 'nobody', ...around]);
    expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('No stored identity is known as nobody')]);
  });

  it('a dry run of notify leaves a named store as it is', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'mi-audit-dry-'));
    try {
      await miAudit(['notify', '--dry-run', '--world', await world(small), '--store', empty]);
      const runs = JSON.parse((await miAudit(['runs', '--store', empty, '--format', 'json'])).out) as { readonly runs: readonly unknown[] };
      expect(runs.runs).toEqual([]);
    } finally {
      rmSync(empty, { recursive: true });
    }
  });
});
