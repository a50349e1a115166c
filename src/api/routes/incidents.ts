import { z } from 'zod';
import type { StoredIncident } from '../../incidents/index.ts';
import { publishedIncident } from '../../jobs/published-incident.ts';
import { sees, type Sight } from '../auth/sight.ts';
import { IncidentDetail, IncidentPage, incidentStatuses, type Incident } from '../contract/index.ts';
import { coverageOf } from '../coverage-of.ts';
import { json } from '../http/answer.ts';
import { Refusal } from '../http/problem.ts';
import { route } from '../http/route.ts';
import { filteredPage } from '../paging.ts';
import { incidentSheet } from '../sheets.ts';
import { instantText, paging, search, severityList, words } from './parameters.ts';

export const listIncidents = route({
  method: 'GET',
  path: '/api/incidents',
  summary: 'Bursts of refused calls, with their causes',
  needs: ['Findings.Read'],
  query: z.strictObject({
    status: z
      .array(z.enum(incidentStatuses, { error: `must be of ${incidentStatuses.join(', ')}` }))
      .max(10)
      .default(['opened', 'grown', 'quiet'])
      .describe('Absent: all but resolved.'),
    severity: severityList,
    cause: words('Ids of causes: one of them is the best explanation.'),
    principal: z.string().max(2_048).exactOptional().describe('Object id, client id or ARM id of the identity.'),
    since: instantText.exactOptional().describe('Last refused call at or after.'),
    until: instantText.exactOptional().describe('Last refused call before.'),
    q: search.exactOptional().describe('In names, ids, service, targets, operations or causes.'),
    sort: z.enum(['severity', 'changed']).default('changed'),
    ...paging,
  }),
  answers: { 200: { about: 'A page of incidents.', json: IncidentPage, also: ['text/csv'] } },
  async handle({ query: { limit, cursor: given, sort, q, until, ...filter }, sight, api }) {
    const store = await api.store();
    const untilMs = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
    const { items, cursor } = await filteredPage(
      { limit, cursor: given },
      (page) => store.incidentPage({ filter, sort, ...page }),
      (incident) =>
        seesIncident(sight, incident) &&
        Date.parse(incident.lastDenialAt) < untilMs &&
        (q === undefined || speaksOf(incident, q.toLowerCase())),
    );
    const incidents = items.map((incident) => shownIncident(incident, sight));
    const coverage = await coverageOf(store, 'watch', sight);
    return {
      kind: 'json',
      body: { items: incidents, ...(cursor !== undefined && { cursor }), coverage },
      sheet: { name: 'incidents', rows: () => incidentSheet(incidents) },
    };
  },
});

export const oneIncident = route({
  method: 'GET',
  path: '/api/incidents/{id}',
  summary: 'One incident with evidence, causes, what was ruled out, and the fix',
  needs: ['Findings.Read'],
  answers: { 200: { about: 'The incident.', json: IncidentDetail } },
  async handle({ path: { id }, sight, api }) {
    const store = await api.store();
    const incident = await store.incident(id!);
    if (incident === undefined || !seesIncident(sight, incident))
      throw new Refusal('not-found', 'No incident has this id. It may have been resolved long ago and forgotten.');
    return json({ incident: shownIncident(incident, sight), coverage: await coverageOf(store, 'watch', sight) });
  },
});

/** Whose identity was refused, or at whose resource: either makes it theirs. One that names no place is only for those who see everything. */
export const seesIncident = (sight: Sight, { principal, targets }: Pick<StoredIncident, 'principal' | 'targets'>): boolean =>
  sight.kind === 'everything' || sees(sight, principal.resourceId) || targets.some((target) => sees(sight, target));

/** Targets elsewhere are left out for those who see a part of the tenant. */
export function shownIncident(incident: StoredIncident, sight: Sight): Incident {
  const shown = publishedIncident(incident);
  return { ...shown, targets: shown.targets.filter((target) => !target.startsWith('/') || sees(sight, target)) };
}

const speaksOf = ({ id, principal, service, targets, operations, causes }: StoredIncident, text: string): boolean =>
  [
    id,
    principal.name,
    principal.id,
    principal.clientId,
    principal.resourceId,
    service,
    ...targets,
    ...operations,
    ...causes.map((cause) => cause.id),
  ].some((part) => part.toLowerCase().includes(text));
