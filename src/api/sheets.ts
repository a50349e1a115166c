import type { Exception, Finding, IdentityRow, Incident, Run } from './contract/index.ts';
import type { Sheet } from './http/csv.ts';

/** The columns of the command line's `findings --format csv`. */
export const findingSheet = (findings: readonly Finding[]): Sheet =>
  sheet(findings, {
    id: ({ id }) => id,
    severity: ({ severity }) => severity,
    confidence: ({ confidence }) => confidence,
    status: ({ status }) => status,
    rule: ({ rule }) => rule,
    title: ({ title }) => title,
    principal: ({ principal }) => principal.name,
    principalKind: ({ principal }) => principal.kind,
    principalId: ({ principal }) => principal.id,
    role: ({ role }) => role.name,
    scope: ({ scope }) => scope,
    subject: ({ subject }) => subject,
    proof: ({ proof }) => proof,
    message: ({ message }) => message,
    fix: ({ fix }) => fix.map((step) => step.cli ?? step.text)[0] ?? '',
    firstSeenAt: ({ firstSeenAt }) => firstSeenAt,
    lastSeenAt: ({ lastSeenAt }) => lastSeenAt,
  });

/** The columns of the command line's `incidents --format csv`. */
export const incidentSheet = (incidents: readonly Incident[]): Sheet =>
  sheet(incidents, {
    severity: ({ severity }) => severity,
    status: ({ status }) => status,
    kind: ({ kind }) => kind,
    who: whoOf,
    principal: ({ principal }) => principal.id,
    service: ({ service }) => service,
    targets: ({ targets }) => targets.join(' '),
    operations: ({ operations }) => operations.join(' '),
    codes: ({ statusCodes }) => statusCodes.join(' '),
    denials: ({ denials }) => String(denials),
    first: ({ firstDenialAt }) => firstDenialAt,
    last: ({ lastDenialAt }) => lastDenialAt,
    cause: ({ causes }) => causes[0]?.id ?? '',
    confidence: ({ causes }) => causes[0]?.confidence ?? '',
    why: ({ causes }) => causes[0]?.why ?? '',
    fix: ({ causes }) => causes[0]?.fix.map((step) => step.cli ?? step.text).join('\n') ?? '',
    id: ({ id }) => id,
  });

export const identitySheetRows = (identities: readonly IdentityRow[]): Sheet =>
  sheet(identities, {
    name: ({ name }) => name,
    kind: ({ kind }) => kind,
    principalId: ({ principalId }) => principalId,
    clientId: ({ clientId }) => clientId,
    hosts: ({ hosts }) => String(hosts),
    grants: ({ holdings }) => String(holdings),
    worst: ({ worst }) => worst ?? '',
    resource: ({ resourceId }) => resourceId,
    seenAt: ({ seenAt }) => seenAt,
  });

export const exceptionSheet = (exceptions: readonly Exception[]): Sheet =>
  sheet(exceptions, {
    findingId: ({ findingId }) => findingId,
    rule: ({ rule }) => rule,
    reason: ({ reason }) => reason,
    author: ({ author }) => author,
    createdAt: ({ createdAt }) => createdAt,
    until: ({ until }) => until,
    endedAt: ({ endedAt }) => endedAt ?? '',
    active: ({ active }) => (active ? 'yes' : 'no'),
  });

export const runSheet = (runs: readonly Run[]): Sheet =>
  sheet(runs, {
    id: ({ id }) => id,
    job: ({ job }) => job,
    state: ({ state }) => state,
    startedAt: ({ startedAt }) => startedAt,
    finishedAt: ({ finishedAt }) => finishedAt,
    complete: ({ complete }) => (complete ? 'yes' : 'no'),
    gaps: ({ coverage }) => String(coverage.filter(({ state }) => state !== 'whole').length),
    calls: ({ calls }) => String(Object.values(calls).reduce((sum, count) => sum + count, 0)),
  });

function whoOf({ principal, attribution }: Incident): string {
  const name = principal.name || principal.id || principal.clientId || principal.resourceId || 'a caller that the log does not name';
  return attribution === 'inferred' ? `probably ${name}` : name;
}

function sheet<Item>(items: readonly Item[], columns: Readonly<Record<string, (item: Item) => string>>): Sheet {
  return { columns: Object.keys(columns), rows: items.map((item) => Object.values(columns).map((cell) => cell(item))) };
}
