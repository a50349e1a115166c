import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guid } from '../build/estate.ts';
import { audit, collected } from './audit.ts';
import { auditContract, type Audit } from './contract.ts';
import { folder, miAudit, now, world, type Files } from './mi-audit.ts';
import {
  assignment,
  group,
  identity,
  inProd,
  microsoftGraph,
  prod,
  reader,
  roles,
  servicePrincipal,
  site,
  small,
  subscription,
} from './rows.ts';

const rulesOf = ({ findings }: Audit): readonly string[] => findings.map(({ rule }) => rule).toSorted();
const verdictOf = ({ rules }: Audit, id: string): string | undefined => rules.find((rule) => rule.id === id)?.verdict;
const gapsOf = ({ coverage }: Audit): readonly string[] =>
  coverage.filter(({ state, slice }) => state !== 'whole' && slice !== 'denyAssignments').map(({ slice }) => slice);
const orphanScope = inProd('/resourceGroups/rg');

describe('an audit', () => {
  it('finds the orphan of a small tenant and nothing else', async () => {
    const report = await audit(await world(small));
    expect(report).toMatchObject({ code: 0, run: { complete: true, startedAt: '2026-11-20T08:00:00.000Z' } });
    expect(gapsOf(report)).toEqual([]);
    expect(report.findings).toMatchObject([
      { rule: 'orphaned-assignment', status: 'new', proof: 'deleted', scope: orphanScope, principal: { id: guid('gone') } },
    ]);
    expect(report.run.calls.tables).toBeGreaterThan(0);
  });

  it('takes a world of two fields', async () => {
    const report = await audit(await world({}, { tenantId: undefined, auditor: undefined }));
    expect(report.findings).toEqual([]);
    expect(report.code === 0).toBe(report.run.complete);
  });

  it('calls a tenant without anything in it blind, not clean', async () => {
    const report = await audit(await world({}));
    expect(report).toMatchObject({ code: 3, findings: [], run: { complete: false } });
  });

  it('writes nothing but JSON to standard output and nothing at all to standard error', async () => {
    expect((await miAudit(['audit', '--world', await world(small), '--format', 'json'])).err).toBe('');
  });
});

describe('blind is not clean', () => {
  it('judges no orphan without Microsoft Graph, and the rest all the same', async () => {
    const report = await audit(await world({ ...small, 'arg/resources': [identity('id-lonely')] }, { denied: ['graph'] }));
    expect(report).toMatchObject({ code: 3, run: { complete: false } });
    expect(verdictOf(report, 'orphaned-assignment')).toBe('inconclusive');
    expect(gapsOf(report)).toContain('principals');
    expect(rulesOf(report)).not.toContain('orphaned-assignment');
  });

  it('names a subscription it may not read', async () => {
    const hidden = guid('hidden');
    const files = { ...small, 'arg/resourcecontainers': [...small['arg/resourcecontainers'], subscription(hidden, 'Hidden')] };
    const report = await audit(await world(files, { denied: [`arm:/subscriptions/${prod}`] }));
    expect(report.code).toBe(3);
    expect(rulesOf(report)).toEqual([]);
  });

  it('recovers from faults that pass, and says so when they do not', async () => {
    const match = 'POST /providers/Microsoft.ResourceGraph/resources';
    const passing = await audit(await world(small, { faults: [{ match, status: 503, retryAfterSeconds: 0, times: 2 }] }));
    expect(passing).toMatchObject({ code: 0, run: { complete: true } });
    expect(rulesOf(passing)).toEqual(['orphaned-assignment']);
    const lasting = await audit(await world(small, { faults: [{ match, status: 403 }] }));
    expect(lasting).toMatchObject({ code: 3, findings: [], run: { complete: false } });
  }, 180_000);
});

describe('hostile names', () => {
  const evil = '\u001b[2J\u202e=cmd|"/c calc"!A1<script>`$(reboot)`\'; drop';
  const files: Files = {
    ...small,
    'arg/resourcecontainers': [{ ...subscription(prod, evil) }, group('rg')],
    'arg/resources': [{ ...identity('id-app', 'rg', { [evil]: evil, ['__proto__']: 'x' }), name: evil }],
    'graph/servicePrincipals': [microsoftGraph, { ...servicePrincipal('id-app'), displayName: evil }],
  };

  it('are only text, whatever the format', async () => {
    const file = await collected(await world(files));
    for (const format of ['table', 'csv', 'markdown', 'sarif', 'json']) {
      const { code, out } = await miAudit(['audit', '--estate', file, '--format', format]);
      expect([format, code]).toEqual([format, 0]);
      // oxlint-disable-next-line no-control-regex
      expect(out.replaceAll('\r\n', '\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      const alsoForbidden = { table: /\u202e/, markdown: /\u202e/, csv: /\u202e|(^|,)"?[=+@]/m }[format] ?? /\u0000/;
      expect(out).not.toMatch(alsoForbidden);
    }
  }, 180_000);
});

it('audits a tenant of some size', async () => {
  const names = Array.from({ length: 1200 }, (_, at) => `id-${at}`);
  const files = {
    'arg/resourcecontainers': [subscription(prod, 'Production'), group('rg')],
    'arg/resources': [...names.map((name) => identity(name)), site('app', ...names)],
    'arg/authorizationresources': [
      ...roles,
      ...names.map((name) => assignment(name, reader, inProd('/resourceGroups/rg'))),
      ...names.map((name) => assignment(`gone ${name}`, reader, inProd(''))),
    ],
    'graph/servicePrincipals': [microsoftGraph, ...names.map(servicePrincipal)],
  };
  const report = await audit(await world(files));
  expect(report.summary.byRule['orphaned-assignment']).toBe(1200);
}, 180_000);

describe('the two halves apart', () => {
  it('judge a collected file as they judge the tenant', async () => {
    const dir = await world(small);
    const file = join(await folder(), 'estate.jsonl');
    expect((await miAudit(['collect', '--world', dir, '--out', file])).code).toBe(0);
    const whole = await audit(dir);
    const { out } = await miAudit(['audit', '--estate', file, '--format', 'json']);
    const apart = auditContract.parse(JSON.parse(out));
    expect(apart.findings).toEqual(whole.findings);
    expect(apart.rules).toEqual(whole.rules);
    const named = await miAudit(['identities', '--estate', file]);
    expect(named.out).toContain('id-app');
  });

  it('judge a redacted file alike, and nothing in it tells whose it is', async () => {
    const dir = await world(small);
    const file = join(await folder(), 'estate.jsonl');
    await miAudit(['collect', '--world', dir, '--out', file, '--redact']);
    const { out } = await miAudit(['audit', '--estate', file, '--format', 'json']);
    expect(rulesOf(auditContract.parse(JSON.parse(out)))).toEqual(rulesOf(await audit(dir)));
    const text = await readFile(file, 'utf8');
    for (const secret of ['id-app', 'Production', prod, guid('gone'), guid('id-app'), '"rg"', '/rg/'])
      expect([secret, text.includes(secret)]).toEqual([secret, false]);
  });
});

it('honours the clock of --now', async () => {
  const later = await audit(await world(small), '--now', '2027-01-01T00:00:00Z');
  expect(later.run.startedAt).toBe('2027-01-01T00:00:00.000Z');
  expect(now < later.run.startedAt).toBe(true);
});
