import { z } from 'zod';
import type { StoredIncident } from '../../incidents/index.ts';
import { runbookOf, type IdentitySheet } from '../../inventory/index.ts';
import { severities } from '../../rules/index.ts';
import { sees, type Sight } from '../auth/sight.ts';
import { HoldingPage, IdentityDetail, IdentityPage, type IdentityRow } from '../contract/index.ts';
import { coverageOf } from '../coverage-of.ts';
import type { ApiStore } from '../dependencies.ts';
import { json, markdownText } from '../http/answer.ts';
import { Refusal } from '../http/problem.ts';
import { route } from '../http/route.ts';
import { filteredPage, pageOfList } from '../paging.ts';
import { identitySheetRows } from '../sheets.ts';
import { findingsOn, onPrincipal, relatedMax } from './findings.ts';
import { seesIncident, shownIncident } from './incidents.ts';
import { armId, paging, search } from './parameters.ts';

export const listIdentities = route({
  method: 'GET',
  path: '/api/identities',
  summary: 'Managed identities that the latest audit saw',
  needs: ['Findings.Read'],
  query: z.strictObject({
    search: search.exactOptional().describe('Beginning of the name, of any part of it, or of an id.'),
    scope: armId.exactOptional().describe('Where the identity lies: there and below.'),
    severity: z.enum(severities).exactOptional().describe('Its worst grant is this severe or worse.'),
    sort: z.enum(['name', 'severity']).default('name'),
    ...paging,
  }),
  answers: { 200: { about: 'A page of identities.', json: IdentityPage, also: ['text/csv'] } },
  async handle({ query: { limit, cursor: given, sort, ...filter }, sight, api }) {
    const store = await api.store();
    const { items, cursor } = await filteredPage(
      { limit, cursor: given },
      (page) => store.inventory({ filter, sort, ...page }),
      ({ resourceId }) => sees(sight, resourceId),
    );
    const rows = items.map((sheet) => rowOf(withinSight(sheet, sight)));
    const coverage = await coverageOf(store, 'audit', sight);
    return {
      kind: 'json',
      body: { items: rows, ...(cursor !== undefined && { cursor }), coverage },
      sheet: { name: 'identities', rows: () => identitySheetRows(rows) },
    };
  },
});

function rowOf(sheet: IdentitySheet): IdentityRow {
  const { principalId, clientId, kind, name, resourceId, hosts, holdings, seenAt } = sheet;
  const worst = severities.find((severity) => holdings.some((holding) => holding.severity === severity));
  return {
    principalId,
    clientId,
    kind,
    name,
    resourceId,
    hosts: hosts.length,
    holdings: holdings.length,
    ...(worst !== undefined && { worst }),
    seenAt,
  };
}

export const oneIdentity = route({
  method: 'GET',
  path: '/api/identities/{principalId}',
  summary: 'One identity: where it runs, every grant, who can act as it, its findings and incidents',
  needs: ['Findings.Read'],
  answers: { 200: { about: 'The identity.', json: IdentityDetail } },
  async handle({ path: { principalId }, sight, api }) {
    const store = await api.store();
    const whole = await identityInSight(store, principalId!, sight);
    const identity = withinSight(whole, sight);
    return json({
      identity,
      hiddenHoldings: whole.holdings.length - identity.holdings.length,
      findings: (await onPrincipal(store, identity.principalId, sight)).slice(0, relatedMax),
      incidents: (await incidentsOn(store, identity.principalId, sight)).map(incidentLine),
      coverage: await coverageOf(store, 'audit', sight),
    });
  },
});

export const runbook = route({
  method: 'GET',
  path: '/api/identities/{principalId}/runbook',
  summary: 'One page about an identity for whoever is called at night',
  needs: ['Findings.Read'],
  answers: { 200: { about: 'Markdown.', also: ['text/markdown'] } },
  async handle({ path: { principalId }, sight, api }) {
    const store = await api.store();
    const whole = await identityInSight(store, principalId!, sight);
    const identity = withinSight(whole, sight);
    const coverage = await coverageOf(store, 'audit', sight);
    const hidden = whole.holdings.length - identity.holdings.length;
    const elsewhere = {
      slice: 'view',
      scope: '/',
      state: 'partial',
      why: `${hidden} of its grants lie outside the subscriptions that the reader may see`,
    };
    const text = runbookOf(
      identity,
      await findingsOn(store, identity.principalId, sight),
      (await incidentsOn(store, identity.principalId, sight)).map((incident) => shownIncident(incident, sight)),
      {
        now: api.now(),
        complete: coverage.complete,
        gaps: coverage.runId === null ? undefined : [...coverage.gaps, ...(hidden > 0 ? [elsewhere] : [])],
      },
    );
    return markdownText(text);
  },
});

export const holdingsOf = route({
  method: 'GET',
  path: '/api/identities/{principalId}/assignments',
  summary: 'Every grant that reaches an identity, with the group it comes through',
  needs: ['Findings.Read'],
  query: z.strictObject(paging),
  answers: { 200: { about: 'A page of grants, the broadest first.', json: HoldingPage } },
  async handle({ path: { principalId }, query, sight, api }) {
    const store = await api.store();
    const { holdings } = withinSight(await identityInSight(store, principalId!, sight), sight);
    const { items, cursor } = pageOfList(holdings, query, ({ scopeLevel, scope, id, through = '' }) =>
      `${levels.length - levels.indexOf(scopeLevel)} ${scope} ${id} ${through}`.toLowerCase(),
    );
    return json({ items, ...(cursor !== undefined && { cursor }), coverage: await coverageOf(store, 'audit', sight) });
  },
});

const levels = ['tenant', 'management-group', 'subscription', 'resource-group', 'resource'] as const;

/** By object id, client id, ARM id or name. What a caller may not see is not there. */
export async function identityInSight(store: ApiStore, whoever: string, sight: Sight): Promise<IdentitySheet> {
  const found = (await store.identitySheets(whoever)).filter(({ resourceId }) => sees(sight, resourceId));
  if (found.length > 1)
    throw new Refusal(
      'conflict',
      `${found.length} identities go by that name. Ask by object id: ${found
        .slice(0, 10)
        .map(({ principalId }) => principalId)
        .join(', ')}.`,
    );
  if (found[0] === undefined)
    throw new Refusal(
      'not-found',
      'No audit that is stored saw such an identity. It may be new, gone, or outside what the auditor may see.',
    );
  return found[0];
}

/** Grants and actors elsewhere are left out for those who see a part of the tenant. */
export function withinSight(sheet: IdentitySheet, sight: Sight): IdentitySheet {
  if (sight.kind === 'everything') return sheet;
  const seen = ({ scope }: { readonly scope: string }): boolean => sees(sight, scope);
  return {
    ...sheet,
    hosts: sheet.hosts.filter(({ id }) => sees(sight, id)),
    holdings: sheet.holdings.filter(seen),
    actors: sheet.actors.filter(seen),
  };
}

async function incidentsOn(store: ApiStore, principal: string, sight: Sight) {
  const filter = { principal, status: ['opened', 'grown', 'quiet', 'resolved'] };
  const { items } = await filteredPage(
    { limit: relatedMax },
    (page) => store.incidentPage({ filter, sort: 'changed', ...page }),
    (incident) => seesIncident(sight, incident),
  );
  return items;
}

const incidentLine = ({ id, status, severity, service, causes, lastDenialAt }: StoredIncident) => ({
  id,
  status,
  severity,
  service,
  lastDenialAt,
  cause: causes[0]?.id ?? 'unexplained',
});
