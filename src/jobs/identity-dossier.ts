import type { Finding, Run } from '../findings/index.ts';
import type { StoredIncident } from '../incidents/index.ts';
import { runbookOf, type IdentitySheet } from '../inventory/index.ts';
import type { Store, WatchStore } from '../ports/index.ts';

/** All that is stored about one identity, and how whole the audit was that it rests on. */
export interface IdentityDossier {
  readonly sheet: IdentitySheet;
  readonly findings: readonly Finding[];
  readonly incidents: readonly StoredIncident[];
  /** The latest audit that finished; undefined: none is stored. */
  readonly audit: Run | undefined;
}

/** By object id, client id, ARM id or name. Several where a name is not unique; none where nobody is known by that name. */
export async function identityDossiers(store: Store & WatchStore, whoever: string): Promise<readonly IdentityDossier[]> {
  const sheets = await store.identitySheets(whoever);
  const audit = sheets.length === 0 ? undefined : await latestAudit(store);
  const dossiers: IdentityDossier[] = [];
  for (const sheet of sheets) {
    dossiers.push({ sheet, audit, findings: await findingsOn(store, sheet), incidents: await incidentsOf(store, sheet) });
  }
  return dossiers;
}

/** A page in Markdown for whoever is called at night. */
export function runbookPage({ sheet, findings, incidents, audit }: IdentityDossier, now: string): string {
  const gaps = audit?.coverage.filter(({ state }) => state !== 'whole');
  return runbookOf(sheet, findings, incidents, { now, gaps, complete: audit?.complete === true });
}

const findingsMax = 200;

async function findingsOn(store: Store, { principalId, resourceId }: IdentitySheet): Promise<readonly Finding[]> {
  const status = ['new', 'open', 'reopened', 'accepted'] as const;
  const found = new Map<string, Finding>();
  for (const principal of new Set([principalId, resourceId])) {
    const { items } = await store.findingPage({ filter: { principal, status }, limit: findingsMax });
    for (const finding of items) found.set(finding.id, finding);
  }
  return [...found.values()];
}

/** Newest first. A refused call may have named the identity by any of its ids. */
async function incidentsOf(store: WatchStore, { principalId, clientId, resourceId }: IdentitySheet): Promise<readonly StoredIncident[]> {
  const ids = new Set([principalId, clientId, resourceId].filter((id) => id !== '').map((id) => id.toLowerCase()));
  const found: StoredIncident[] = [];
  for await (const incident of store.incidents({})) {
    const { id, clientId: client, resourceId: resource } = incident.principal;
    if ([id, client, resource].some((each) => ids.has(each.toLowerCase()))) found.push(incident);
  }
  return found.toSorted((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
}

export async function latestAudit(store: Pick<Store, 'runs'>): Promise<Run | undefined> {
  return (await store.runs(runsLookedAt, 'audit')).find(({ state }) => state === 'finished');
}

/** The latest may be under way, and some before it may have failed. */
const runsLookedAt = 50;
