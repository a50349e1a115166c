import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Burst } from '../denials/index.ts';
import type { Estate } from '../estate/index.ts';
import type { Diagnosis } from './diagnose.ts';
import type { Incident, IncidentStatus, StoredIncident } from './incident.ts';
import { principalOf } from './principal.ts';

/** A burst with what is known of its cause; without a diagnosis the one of the stored incident goes on. */
export interface Diagnosed {
  readonly burst: Burst;
  readonly diagnosis: Diagnosis | undefined;
}

const listMax = 50;

/** One id from the first denial to the end, whatever the passes were. */
export const incidentId = (burst: Pick<Burst, 'id'>): string => `incident-${bytesToHex(sha256(utf8ToBytes(burst.id))).slice(0, 16)}`;

/**
 * The incidents of this pass: opened → grown (doubled since last told) → quiet → resolved. Stored incidents whose burst has left the window are
 * resolved; those whose burst late rows have merged into another disappear.
 */
export function carryOn(
  known: ReadonlyMap<string, StoredIncident>,
  seen: readonly Diagnosed[],
  estate: Estate,
  now: string,
): readonly StoredIncident[] {
  const current = seen.map(({ burst, diagnosis }) => fromBurst(burst, diagnosis, known.get(incidentId(burst)), estate, now));
  const ids = new Set(current.map((incident) => incident.id));
  const left = [...known.values()]
    .filter((incident) => !ids.has(incident.id) && incident.status !== 'resolved')
    .map((incident): StoredIncident => ({
      ...incident,
      status: 'resolved',
      resolvedAt: now,
      resolvedBy: 'no refusal since, and its rows have left the window',
    }));
  return [...current, ...left].sort((a, b) => (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : a.id < b.id ? -1 : 1));
}

function fromBurst(
  burst: Burst,
  diagnosis: Diagnosis | undefined,
  before: StoredIncident | undefined,
  estate: Estate,
  now: string,
): StoredIncident {
  const status = statusOf(burst, before);
  const told =
    status === 'opened' || status === 'grown'
      ? status === before?.status
        ? before.toldDenials
        : burst.count
      : (before?.toldDenials ?? burst.count);
  const causes = diagnosis?.causes ?? before?.causes ?? [];
  return {
    id: incidentId(burst),
    kind: burst.kind,
    status,
    severity: severityOf(burst),
    principal: principalOf(burst, estate),
    attribution: burst.attribution.by,
    service: burst.service,
    targets: distinct(burst.denials.map((denial) => denial.target)),
    operations: distinct(burst.denials.map((denial) => denial.operation)),
    statusCodes: [...new Set(burst.denials.map((denial) => denial.statusCode))].sort((a, b) => a - b),
    denials: burst.count,
    firstDenialAt: burst.firstAt,
    lastDenialAt: burst.lastAt,
    openedAt: new Date(burst.episode.onset).toISOString(),
    causes,
    ruledOut: diagnosis?.ruledOut ?? before?.ruledOut ?? [],
    toldDenials: told,
    ...(status === 'resolved' ? { resolvedAt: before?.resolvedAt ?? now, resolvedBy: before?.resolvedBy ?? 'no refusal since' } : {}),
  };
}

function statusOf(burst: Burst, before: StoredIncident | undefined): IncidentStatus {
  if (burst.silence === 'resolved') return 'resolved';
  if (burst.silence === 'quiet') return 'quiet';
  if (before === undefined) return 'opened';
  if (burst.count >= before.toldDenials * 2) return 'grown';
  return before.status === 'grown' ? 'grown' : 'opened';
}

function severityOf(burst: Burst): Incident['severity'] {
  const targets = new Set(burst.denials.map((denial) => denial.target.toLowerCase())).size;
  if (burst.kind === 'token') return 'medium';
  if (burst.kind === 'spread') return 'high';
  if (targets >= 10 || burst.count >= 1000) return 'critical';
  return burst.count >= 20 ? 'high' : 'medium';
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].filter((value) => value !== '').slice(0, listMax);
