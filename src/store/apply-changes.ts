import type { FederatedCredential } from '../estate/index.ts';
import {
  ruleOfFinding,
  type Changes,
  type Exception,
  type HistoryEntry,
  type MemoryChanges,
  type StoredFinding,
} from '../findings/index.ts';
import type { Notice } from '../outbox/index.ts';
import type { RecordTable, Write } from '../ports/index.ts';
import { changeBuckets } from './bucket.ts';
import {
  credentialPartition,
  exceptionPartition,
  historyPartition,
  historyRow,
  identityPartition,
  keyText,
  missingPartition,
  sightingPartition,
} from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { deleteNotice, putNotice } from './outbox-rows.ts';
import { writeFindings } from './write-findings.ts';
import { kinds, type StoredCredentials, type StoredIdentity, type StoredMissing } from './row-kinds.ts';

/** Going on would resolve everything the other tenant's audits found. */
export class OtherTenantError extends Error {
  override readonly name = 'OtherTenantError';
}

/**
 * In an order that may end anywhere. Notices and history go before their finding: one whose revision the finding has not reached is not shown, and is
 * written over by whoever comes next. The row that says "seen at" goes last, for it speaks for rows that must be there before.
 */
export async function applyChanges(
  table: RecordTable,
  odd: OddRows,
  { findings, history, exceptions, memory }: Changes,
  notices: readonly Notice[] = [],
): Promise<void> {
  if (memory !== undefined) assertTenant((await readSighting(table, odd))?.tenantId ?? '', memory.tenantId);
  await table.write(notices.map(putNotice));
  await table.write(history.map((entry) => putHistory(entry, ruleOf(entry))));
  await table.write(exceptions.map(putException));
  await writeFindings(table, odd, memory === undefined ? 'watch' : 'audit', findings);
  if (memory !== undefined) await applyMemory(table, odd, memory);
}

/**
 * Some of the findings that an audit decided about, in the same order of writes. What it remembers, and the row that says "seen at", come with the last of
 * them by `applyChanges`.
 */
export async function applyPart(
  table: RecordTable,
  odd: OddRows,
  { findings, history, tenantId }: Pick<Changes, 'findings' | 'history'> & { readonly tenantId: string },
  notices: readonly Notice[],
): Promise<void> {
  assertTenant((await readSighting(table, odd))?.tenantId ?? '', tenantId);
  await table.write(notices.map(putNotice));
  await table.write(history.map((entry) => putHistory(entry, ruleOf(entry))));
  await writeFindings(table, odd, 'audit', findings);
}

function assertTenant(owner: string, tenantId: string): void {
  if (owner === '' || tenantId === '' || owner.toLowerCase() === tenantId.toLowerCase()) return;
  throw new OtherTenantError(
    `This store holds the findings of tenant ${owner}; the audit looked at tenant ${tenantId}. Nothing was written. Give each tenant a store of its own.`,
  );
}

/** The acceptance goes before its finding: should the finding not get there, the next run sees that it is accepted. */
export async function applyAcceptance(
  table: RecordTable,
  odd: OddRows,
  exceptions: readonly Exception[],
  { finding, history }: { readonly finding: StoredFinding; readonly history: readonly HistoryEntry[] },
): Promise<void> {
  await table.write(history.map(({ findingId, revision }) => deleteNotice({ subjectId: findingId, revision })));
  await table.write(history.map((entry) => putHistory(entry, finding.rule)));
  for (const exception of exceptions) await table.write([putException(exception)]);
  await writeFindings(table, odd, finding.id, [finding]);
}

function ruleOf({ findingId }: HistoryEntry): string {
  const rule = ruleOfFinding(findingId);
  if (rule === undefined)
    throw new Error(`"${findingId}" is no finding's id: it does not begin with a rule and end in 16 hexadecimal digits.`);
  return rule;
}

const putHistory = (entry: HistoryEntry, rule: string): Write => ({
  kind: 'put',
  row: { partition: historyPartition(rule), row: historyRow(entry.findingId, entry.revision), values: kinds.history.encode(entry) },
});

const putException = (exception: Exception): Write => ({
  kind: 'put',
  row: { partition: exceptionPartition, row: keyText(exception.id), values: kinds.exception.encode(exception) },
});

async function applyMemory(table: RecordTable, odd: OddRows, memory: MemoryChanges): Promise<void> {
  const identities = new Map<string, StoredIdentity | undefined>(
    memory.identities.map(({ principalId, ...identity }) => [principalId, identity]),
  );
  for (const id of memory.forgottenIdentities) identities.set(id, undefined);
  await changeBuckets(table, identityPartition, kinds.identities, identities);

  const credentials = new Map<string, StoredCredentials | undefined>();
  for (const [key, { readAt, credentials: list }] of memory.federatedCredentials)
    credentials.set(key, { readAt, credentials: list.map(plain) });
  for (const key of memory.forgottenCredentials) credentials.set(key, undefined);
  await changeBuckets(table, credentialPartition, kinds.credentials, credentials);

  const missing = new Map<string, StoredMissing | undefined>(
    memory.missing.map(({ principalId, since, runId }) => [principalId, { since, runId }]),
  );
  for (const id of memory.noLongerMissing) missing.set(id, undefined);
  await changeBuckets(table, missingPartition, kinds.missing, missing);

  await table.write([await putSighting(table, odd, memory), putSubscriptions(memory)]);
}

async function putSighting(table: RecordTable, odd: OddRows, { tenantId, checkedAt, identitiesSeenAt }: MemoryChanges): Promise<Write> {
  const before = await readSighting(table, odd);
  const all = Object.entries({ ...before?.checkedAt, ...checkedAt }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const values = kinds.sighting.encode({ tenantId, checkedAt: Object.fromEntries(all), identitiesSeenAt });
  return { kind: 'put', row: { partition: sightingPartition, row: 'sighting', values } };
}

async function readSighting(table: RecordTable, odd: OddRows) {
  const row = await table.get(sightingPartition, 'sighting');
  return row && odd.read(kinds.sighting, row);
}

const putSubscriptions = ({ subscriptions }: MemoryChanges): Write => ({
  kind: 'put',
  row: { partition: sightingPartition, row: 'subscriptions', values: kinds.subscriptions.encode([...subscriptions]) },
});

const plain = ({ audiences, subject, expression, ...credential }: FederatedCredential): StoredCredentials['credentials'][number] => ({
  ...credential,
  audiences: [...audiences],
  ...(subject === undefined ? {} : { subject }),
  ...(expression === undefined ? {} : { expression }),
});
