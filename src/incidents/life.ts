import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Attribution, Burst } from '../denials/index.ts';
import type { Estate } from '../estate/index.ts';
import type { Diagnosis } from './diagnose.ts';
import type { Incident, IncidentStatus, Kin, StoredIncident } from './incident.ts';
import { principalOf } from './principal.ts';
import { withOwnWords } from './same-trouble.ts';

/** A burst with who it was and what is known of its cause; where this pass did not ask, the stored incident's answer goes on. */
export interface Diagnosed {
  readonly burst: Burst;
  readonly attribution?: Attribution | undefined;
  readonly diagnosis?: Diagnosis | undefined;
  /** What is known by now of the applications' bursts that are alike; absent: there are none. */
  readonly kin?: Kin | undefined;
}

const listMax = 50;

/** One id from the first denial to the end, whatever the passes were. */
export const incidentId = (burst: Pick<Burst, 'id'>): string => `incident-${bytesToHex(sha256(utf8ToBytes(burst.id))).slice(0, 16)}`;

/**
 * The incidents of this pass: opened → grown (doubled, or worse, since last told) → quiet → resolved. A stored incident whose burst is no more is resolved,
 * and says why: late rows have joined it with another run of the same caller, or its rows have left the window.
 */
export function carryOn(
  known: ReadonlyMap<string, StoredIncident>,
  seen: readonly Diagnosed[],
  estate: Estate | undefined,
  now: string,
): readonly StoredIncident[] {
  const current = seen.map((one) => fromBurst(one, known.get(incidentId(one.burst)), estate, now));
  const ids = new Set(current.map((incident) => incident.id));
  const left = [...known.values()]
    .filter((incident) => !ids.has(incident.id))
    .flatMap((incident): readonly StoredIncident[] => {
      const merged = toldBy(incident, seen) ?? mergedInto(incident, seen);
      // What has ended is told no more.
      if (incident.status === 'resolved')
        return merged === undefined || merged === incident.resolvedBy ? [] : [{ ...incident, resolvedBy: merged }];
      return [
        {
          ...incident,
          status: 'resolved',
          ...told(incident, now),
          resolvedAt: now,
          resolvedBy: merged ?? 'no burst any more: its rows have left the window, or rows that arrived late showed that it was usual',
        },
      ];
    });
  return [...current, ...left].sort((a, b) => (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : a.id < b.id ? -1 : 1));
}

/** The service's own log came later than the application's. */
function toldBy({ id }: StoredIncident, seen: readonly Diagnosed[]): string | undefined {
  const other = seen.find(({ burst }) => burst.alsoTold?.some((part) => incidentId(part) === id));
  return other && `joined with ${incidentId(other.burst)}: the service's own log tells of the same refusals`;
}

/** Rows that came late can close the gap between two runs, or show that one was a part of a spread: its burst goes on under another id. */
function mergedInto({ series, openedAt }: StoredIncident, seen: readonly Diagnosed[]): string | undefined {
  const at = Date.parse(openedAt);
  const other = seen.find(({ burst }) => {
    const same = seriesOf(burst) === series || (burst.kind === 'spread' && series?.startsWith(`${burst.who}|`) === true);
    return same && burst.episode.start <= at && at <= burst.episode.lastBin;
  });
  return other && `joined with ${incidentId(other.burst)}: rows that arrived late show one run of refusals`;
}

const seriesOf = ({ id }: Pick<Burst, 'id'>): string => id.slice(0, id.lastIndexOf('|'));

function fromBurst(
  { burst, attribution, diagnosis, kin }: Diagnosed,
  before: StoredIncident | undefined,
  estate: Estate | undefined,
  now: string,
): StoredIncident {
  const severity = severityOf(burst);
  const status = statusOf(burst, before);
  const news = before === undefined || (status === 'grown' && hasGrown(burst, before));
  const ended = status === 'resolved' && before?.status !== 'resolved';
  const openedAt = new Date(burst.episode.onset).toISOString();
  const causes = withOwnWords(diagnosis?.causes ?? before?.causes ?? [], burst);
  return {
    id: incidentId(burst),
    kind: burst.kind,
    status,
    severity,
    principal: attribution === undefined && before !== undefined ? before.principal : principalOf(attribution ?? namedBy(burst), estate),
    attribution: attribution?.by ?? before?.attribution ?? namedBy(burst).by,
    service: burst.service,
    targets: distinct(burst.denials.map((denial) => denial.target)),
    operations: distinct(burst.denials.map((denial) => denial.operation)),
    statusCodes: [...new Set(burst.denials.map((denial) => denial.statusCode))].sort((a, b) => a - b),
    denials: burst.count,
    firstDenialAt: before?.openedAt === openedAt && isCut(burst) ? earlier(before.firstDenialAt, burst.firstAt) : burst.firstAt,
    lastDenialAt: burst.lastAt,
    openedAt,
    causes,
    ruledOut: diagnosis?.ruledOut ?? before?.ruledOut ?? [],
    ...(news || ended ? { ...told(before, now), toldSeverity: severity } : lastTold(before)),
    toldDenials: news ? burst.count : before.toldDenials,
    series: seriesOf(burst),
    ...(kin !== undefined && { kin }),
    ...(status === 'resolved' ? { resolvedAt: before?.resolvedAt ?? now, resolvedBy: before?.resolvedBy ?? 'no refusal since' } : {}),
  };
}

const told = (before: StoredIncident | undefined, now: string) => ({ revision: (before?.revision ?? 0) + 1, changedAt: now });

/** Incidents of a store from before there were messages have none of it. */
const lastTold = ({ revision, changedAt, toldSeverity }: StoredIncident) => ({
  ...(revision !== undefined && { revision }),
  ...(changedAt !== undefined && { changedAt }),
  ...(toldSeverity !== undefined && { toldSeverity }),
});

/** The first rows of a long burst have left the window; they happened all the same. */
const isCut = ({ denials, episode }: Burst): boolean => denials.every(({ bins }) => bins.every((bin) => bin.start > episode.start));
const earlier = (a: string, b: string): string => (Date.parse(a) < Date.parse(b) ? a : b);

/** Before the estate was asked, the log's own words must do. */
function namedBy({ denials }: Burst): Attribution {
  const caller = denials[0]?.caller;
  return {
    by: caller?.objectId || caller?.clientId || caller?.resourceId ? 'named' : 'inferred',
    principalId: caller?.objectId,
    clientId: caller?.clientId,
    candidates: [],
  };
}

function statusOf(burst: Burst, before: StoredIncident | undefined): IncidentStatus {
  if (burst.silence === 'resolved') return 'resolved';
  if (burst.silence === 'quiet') return 'quiet';
  if (before === undefined) return 'opened';
  if (hasGrown(burst, before)) return 'grown';
  return before.status === 'grown' ? 'grown' : 'opened';
}

/** Somebody who sleeps through a high one is to be woken by a critical one, even when it has not doubled. */
function hasGrown(burst: Burst, { toldDenials, toldSeverity, severity }: StoredIncident): boolean {
  return burst.count >= toldDenials * 2 || severities.indexOf(severityOf(burst)) < severities.indexOf(toldSeverity ?? severity);
}

const severities: readonly Incident['severity'][] = ['critical', 'high', 'medium', 'low', 'info'];

function severityOf(burst: Burst): Incident['severity'] {
  const targets = new Set(burst.denials.map((denial) => denial.target.toLowerCase())).size;
  if (burst.kind === 'token') return 'medium';
  if (burst.kind === 'spread') return 'high';
  if (targets >= 10 || burst.count >= 1000) return 'critical';
  return burst.count >= 20 ? 'high' : 'medium';
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].filter((value) => value !== '').slice(0, listMax);
