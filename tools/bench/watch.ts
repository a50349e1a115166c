import { openAccess } from '../../src/access/index.ts';
import {
  absorb,
  attributionIn,
  binMinutes,
  defaultWatchSettings,
  findBursts,
  type Burst,
  type Denial,
  type Ledger,
} from '../../src/denials/index.ts';
import { principalId, resourceKey, roleId, type Assignment, type Estate, type Identity } from '../../src/estate/index.ts';
import { diagnose } from '../../src/incidents/index.ts';
import { cpuMs, median } from './measure.ts';
import { measurement, round, type Measurement } from './result.ts';

const seriesCount = 2_000;
const burstCount = 50;
const binMs = binMinutes * 60_000;
const now = Date.parse('2026-11-20T08:00:00Z');
const bins = 24 * 12;
const iso = (instant: number): string => new Date(instant).toISOString();

/** What one pass costs after its rows have arrived: 1,000,000 refused calls of a day over 2,000 series, 50 of them bursting at once. */
export async function watch(progress: (line: string) => void): Promise<readonly Measurement[]> {
  const answer = JSON.stringify(denials());
  const estate = world();
  const runs = [1, 2, 3, 4, 5].map((run) => {
    progress(`pass ${run} of 5`);
    const parsed = cpuMs((): readonly Denial[] => JSON.parse(answer));
    const before = watchedBefore(parsed.answer);
    const pass = cpuMs(() => onePass(before, parsed.answer, estate));
    return { parseMs: parsed.ms, passMs: pass.ms, bursts: pass.answer.bursts.length, diagnosed: pass.answer.diagnosed };
  });
  const passMs = median(runs.map((run) => run.passMs));
  const parseMs = median(runs.map((run) => run.parseMs));
  const [first] = runs;
  const detail = {
    denials: denials().reduce((sum, denial) => sum + denial.bins.reduce((all, bin) => all + bin.count, 0), 0),
    series: seriesCount,
    bins: denials().reduce((sum, denial) => sum + denial.bins.length, 0),
    bursts: first?.bursts ?? 0,
    diagnosed: first?.diagnosed ?? 0,
    answerMB: round(answer.length / 1e6),
    passMs: round(passMs),
    parseMs: round(parseMs),
  };
  return [
    measurement('find and diagnose the bursts of one pass, CPU', passMs, 'ms', detail, 1_000),
    measurement('find and diagnose the bursts of one pass, CPU over JSON.parse of the answer', passMs / parseMs, '×', detail),
  ];
}

function onePass(
  before: Ledger,
  read: readonly Denial[],
  estate: Estate,
): { readonly bursts: readonly Burst[]; readonly diagnosed: number } {
  const { ledger } = absorb(before, read, []);
  const { bursts } = findBursts(ledger, [...ledger.entries.values()], iso(now), defaultWatchSettings);
  const access = openAccess(estate);
  const attributed = attributionIn(estate);
  const diagnoses = bursts.map((burst) =>
    diagnose({ burst, attribution: attributed(burst.denials), now: iso(now), estate, access, changes: [], unseen: [] }),
  );
  return { bursts, diagnosed: diagnoses.filter(({ causes }) => causes.some((cause) => cause.confidence === 'certain')).length };
}

/** Watched for a month: the noise of every series is what is usual for it. */
function watchedBefore(read: readonly Denial[]): Ledger {
  const since = now - bins * binMs;
  const empty: Ledger = { watchedSince: now - 30 * bins * binMs, entries: new Map(), states: new Map() };
  const states = findBursts(absorb(empty, read, []).ledger, read.slice(0, 1), iso(since), defaultWatchSettings).ledger.states;
  const [state] = states.values();
  if (state === undefined) return empty;
  const usual = {
    ...state,
    until: since,
    baselineUntil: since,
    episodes: 0,
    open: undefined,
    recent: [],
    baseline: { bins: 1_200, sum: 2_100, squares: 5_000 },
  };
  return { ...empty, states: new Map(read.map((denial) => [`${denial.caller.objectId}|${denial.service}|${denial.reason}`, usual])) };
}

function denials(): readonly Denial[] {
  return Array.from({ length: seriesCount }, (_, n): Denial => {
    // Every fifth bin is silent: a loop without a break would be an incident by itself.
    const counts = Array.from({ length: bins }, (__, at) => ({
      start: now - (bins - at) * binMs,
      count: n < burstCount && at >= bins - 6 ? 60 : (at + n) % 5 === 0 ? 0 : 2 + ((at * 7 + n) % 6 === 0 ? 1 : 0),
    })).filter(({ count }) => count > 0);
    return {
      service: 'storage',
      table: 'StorageBlobLogs',
      workspace: 'bench',
      caller: { kind: 'workload', objectId: principalId(guid(n)) },
      target: storage(n),
      object: '',
      operation: 'GetBlob',
      statusCode: 403,
      reason: 'AuthorizationPermissionMismatch',
      sample: 'This request is not authorized to perform this operation using this permission.',
      callerAddresses: ['10.0.0.4'],
      hosts: [],
      bins: counts,
      firstAt: iso(now - bins * binMs),
      lastAt: iso(now - 60_000),
    };
  });
}

function world(): Estate {
  const identities = Array.from({ length: seriesCount }, (_, n): Identity => {
    const resourceId = `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/id-${n}`;
    return {
      kind: 'user-assigned',
      principalId: principalId(guid(n)),
      resourceId,
      key: resourceKey(resourceId),
      name: `id-${n}`,
      tags: {},
    };
  });
  return {
    tenantId: guid(9_999),
    collectedAt: iso(now),
    containers: [{ kind: 'subscription', id: subscription, key: resourceKey(subscription), name: 'bench', parent: undefined, tags: {} }],
    identities,
    hosts: [],
    assignments: identities.flatMap(({ principalId: holder }, n) => Array.from({ length: 5 }, (_, k) => assignment(holder, n + k + 1))),
    roles: new Map(),
    confirmations: new Map(),
    denyAssignments: [],
    federatedCredentials: [],
    policyAssignments: [],
    vaults: [],
    clusters: [],
    workspaces: [],
    directory: {
      asked: new Set(identities.map((one) => one.principalId)),
      found: new Map(identities.map((one) => [one.principalId, { id: one.principalId, kind: 'managed-identity', displayName: one.name }])),
      deleted: new Map(),
      unresolved: new Map(),
      canary: 'visible',
    },
    memberships: new Map(),
    appRoleGrants: [],
    directoryRoles: [],
    gaps: [],
  };
}

const blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';

function assignment(holder: Identity['principalId'], n: number): Assignment {
  const scopeId = storage(n);
  const id = `${scopeId}/providers/Microsoft.Authorization/roleAssignments/${holder}`;
  const at = { scope: resourceKey(scopeId), scopeId };
  return { id, key: resourceKey(id), principalId: holder, principalType: 'ServicePrincipal', roleId: roleId(blobDataReader), ...at };
}

const guid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const subscription = `/subscriptions/${guid(1_000_000)}`;
const group = `${subscription}/resourceGroups/rg-bench/providers`;
const storage = (n: number): string => `${group}/Microsoft.Storage/storageAccounts/st${n}`;
