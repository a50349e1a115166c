import { principalId, type FederatedCredential, type ResourceKey } from '../estate/index.ts';
import type { CredentialsRead, Exception, Remembered, StoredFinding } from '../findings/index.ts';
import type { Known, Range, RecordTable, Row } from '../ports/index.ts';
import type { MadeGrant, RememberedIdentity } from '../rules/index.ts';
import { grantKinds } from './grant-rows.ts';
import {
  callerPartition,
  credentialPartition,
  exceptionPartition,
  findingPartition,
  findingPartitions,
  grantPartition,
  identityPartition,
  keyText,
  knownPartitions,
  missingPartition,
  sightingPartition,
} from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { kinds, type StoredCredentials, type StoredIdentity, type StoredMissing } from './row-kinds.ts';
import { later, seenAt } from './sighting.ts';

/** Everything a run must know, in one query over the partitions that begin with `known.`. */
export const readKnown = (table: RecordTable, odd: OddRows, runId: string): Promise<Known> =>
  readRanges(table, odd, runId, [knownPartitions]);

/** The same without the findings, which may be more than one invocation has room for. */
export const readKnownAround = (table: RecordTable, odd: OddRows, runId: string): Promise<Known> =>
  readRanges(table, odd, runId, [
    { partitionFrom: knownPartitions.partitionFrom, partitionTo: findingPartitions.partitionFrom },
    { partitionFrom: findingPartitions.partitionTo, partitionTo: knownPartitions.partitionTo },
  ]);

/** Findings of one rule whose ids begin so, seen when the audits say. */
export async function* readKnownFindings(
  table: RecordTable,
  odd: OddRows,
  { rule, digits }: { readonly rule: string; readonly digits: string },
): AsyncIterable<StoredFinding> {
  const sighting = await table.get(sightingPartition, 'sighting');
  const checkedAt = (sighting && odd.read(kinds.sighting, sighting)?.checkedAt) ?? {};
  const head = `${keyText(rule)}-${digits}`;
  for await (const row of table.list({ partition: findingPartition(rule), rowFrom: head, rowTo: `${head}~` })) {
    const finding = odd.read(kinds.finding, row);
    if (finding !== undefined) yield seenAt(finding, checkedAt);
  }
}

async function readRanges(table: RecordTable, odd: OddRows, runId: string, ranges: readonly Range[]): Promise<Known> {
  const read: Reading = {
    findings: [],
    exceptions: [],
    identities: [],
    credentials: [],
    missing: [],
    checkedAt: {},
    identitiesSeenAt: '',
    subscriptions: [],
    grants: [],
    callers: [],
  };
  for (const range of ranges) for await (const row of table.list(range)) take(read, odd, row);

  const remembered: Remembered = {
    memory: {
      // A first sighting by the run that is now being continued is this run's own, not an earlier one's.
      missingSince: new Map(read.missing.filter(([, { runId: by }]) => by !== runId).map(([id, { since }]) => [principalId(id), since])),
      lastSeen: new Map(read.identities.map(([id, identity]) => [principalId(id), rememberedIdentity(identity, read.identitiesSeenAt)])),
      // A store on which no watch has noted anything does not say that no grant was made.
      ...(read.grants.length + read.callers.length > 0 && { grantsMade: read.grants, callersSeen: new Map(read.callers) }),
    },
    present: new Set(read.identities.filter(([, { present }]) => present).map(([id]) => principalId(id))),
    missing: new Set(read.missing.map(([id]) => principalId(id))),
    federatedCredentials: new Map(read.credentials.map(([key, credentials]) => [key as ResourceKey, credentialsRead(credentials)])),
    subscriptions: new Set(read.subscriptions),
  };
  return {
    findings: new Map(read.findings.map((finding) => [finding.id, seenAt(finding, read.checkedAt)])),
    exceptions: read.exceptions,
    memory: remembered.memory,
    collect: {
      federatedCredentials: remembered.federatedCredentials,
      subscriptions: remembered.subscriptions,
      missing: remembered.missing,
    },
    remembered,
  };
}

interface Reading {
  readonly findings: StoredFinding[];
  readonly exceptions: Exception[];
  readonly identities: [string, StoredIdentity][];
  readonly credentials: [string, StoredCredentials][];
  readonly missing: [string, StoredMissing][];
  readonly grants: MadeGrant[];
  readonly callers: [string, string][];
  checkedAt: Readonly<Record<string, string>>;
  identitiesSeenAt: string;
  subscriptions: readonly string[];
}

function take(into: Reading, odd: OddRows, row: Row): void {
  switch (row.partition) {
    case exceptionPartition:
      return void into.exceptions.push(...listOf(odd.read(kinds.exception, row)));
    case identityPartition:
      return void into.identities.push(...Object.entries(odd.read(kinds.identities, row) ?? {}));
    case credentialPartition:
      return void into.credentials.push(...Object.entries(odd.read(kinds.credentials, row) ?? {}));
    case missingPartition:
      return void into.missing.push(...Object.entries(odd.read(kinds.missing, row) ?? {}));
    case grantPartition:
      return void into.grants.push(...Object.values(odd.read(grantKinds.grants, row) ?? {}));
    case callerPartition:
      return void into.callers.push(...Object.entries(odd.read(grantKinds.callers, row) ?? {}));
    case sightingPartition:
      return takeSighting(into, odd, row);
    default:
      return void into.findings.push(...listOf(odd.read(kinds.finding, row)));
  }
}

function takeSighting(into: Reading, odd: OddRows, row: Row): void {
  if (row.row === 'subscriptions') {
    into.subscriptions = odd.read(kinds.subscriptions, row) ?? [];
    return;
  }
  const sighting = odd.read(kinds.sighting, row);
  if (sighting === undefined) return;
  into.checkedAt = sighting.checkedAt;
  into.identitiesSeenAt = sighting.identitiesSeenAt;
}

const listOf = <Value>(value: Value | undefined): readonly Value[] => (value === undefined ? [] : [value]);

const rememberedIdentity = ({ present, lastSeenAt, ...identity }: StoredIdentity, identitiesSeenAt: string): RememberedIdentity => ({
  ...identity,
  lastSeenAt: present ? later(lastSeenAt, identitiesSeenAt) : lastSeenAt,
});

const credentialsRead = ({ readAt, credentials }: StoredCredentials): CredentialsRead => ({
  readAt,
  credentials: credentials.map((credential): FederatedCredential => ({ ...credential, identity: credential.identity as ResourceKey })),
});
