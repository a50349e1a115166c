import { z } from 'zod';
import { isActive, type StoredFinding } from '../../findings/index.ts';
import { published } from '../../jobs/published-finding.ts';
import type { FindingFilter } from '../../ports/index.ts';
import { FindingDetail, FindingPage, findingStatuses, type RelatedFinding } from '../contract/index.ts';
import { sees, type Sight } from '../auth/sight.ts';
import { coverageOf } from '../coverage-of.ts';
import type { ApiStore } from '../dependencies.ts';
import { json } from '../http/answer.ts';
import { Refusal } from '../http/problem.ts';
import { route } from '../http/route.ts';
import { filteredPage } from '../paging.ts';
import { findingSheet } from '../sheets.ts';
import { armId, guid, instantText, paging, search, severityList, words } from './parameters.ts';

const query = z.strictObject({
  status: z
    .array(z.enum(findingStatuses, { error: `must be of ${findingStatuses.join(', ')}` }))
    .max(10)
    .default(['new', 'open', 'reopened', 'accepted'])
    .describe('Absent: all but resolved.'),
  severity: severityList,
  rule: words('Rule ids.'),
  principal: z.string().max(2_048).exactOptional().describe('Object id, or the ARM id of the identity.'),
  scope: armId.exactOptional().describe('The scope and everything below it.'),
  subscription: z.array(guid).max(200).exactOptional(),
  resourceGroup: words('`name` or `subscription-id/name`.'),
  tag: z.string().max(512).exactOptional().describe('`name` or `name=value`, in force where the finding is.'),
  since: instantText.exactOptional().describe('Changed at or after.'),
  until: instantText.exactOptional().describe('Changed before.'),
  q: search.exactOptional().describe('In title, message, names, ids, scope or rule.'),
  sort: z.enum(['severity', 'changed']).default('severity').describe('severity: worst first. changed: latest first.'),
  ...paging,
});

export const listFindings = route({
  method: 'GET',
  path: '/api/findings',
  summary: 'Findings, by what they are about',
  needs: ['Findings.Read'],
  query,
  answers: { 200: { about: 'A page of findings.', json: FindingPage, also: ['text/csv'] } },
  async handle({ query, sight, api }) {
    const store = await api.store();
    const { items, cursor } = await findingsFor(store, query, sight);
    const findings = items.map((finding) => shownFinding(finding, sight));
    const coverage = await coverageOf(store, 'audit', sight);
    return {
      kind: 'json',
      body: { items: findings, ...(cursor !== undefined && { cursor }), coverage },
      sheet: { name: 'findings', rows: () => findingSheet(findings) },
    };
  },
});

async function findingsFor(store: ApiStore, { limit, cursor, sort, q, until, ...rest }: z.output<typeof query>, sight: Sight) {
  const filter = withinSight(rest, sight);
  if (filter === undefined) return { items: [], cursor: undefined };
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
  return filteredPage(
    { limit, cursor },
    (page) => store.findingPage({ filter, sort, ...page }),
    (finding) =>
      sees(sight, finding.scope) && Date.parse(finding.changedAt) < untilMs && (q === undefined || speaksOf(finding, q.toLowerCase())),
  );
}

/** Undefined: nothing that was asked for lies where the caller may look. */
export function withinSight(filter: FindingFilter, sight: Sight): FindingFilter | undefined {
  if (sight.kind === 'everything') return filter;
  const asked = filter.subscription?.map((id) => id.toLowerCase());
  const subscription = asked === undefined ? sight.ids : sight.ids.filter((id) => asked.includes(id));
  return subscription.length === 0 ? undefined : { ...filter, subscription };
}

const speaksOf = (finding: StoredFinding, text: string): boolean =>
  [
    finding.id,
    finding.rule,
    finding.title,
    finding.message,
    finding.subject,
    finding.scope,
    finding.principal.name,
    finding.principal.id,
    finding.principal.resourceId,
    finding.role.name,
  ].some((part) => part.toLowerCase().includes(text));

/** With the published fields only; related places that the caller may not see are left out. */
export const shownFinding = (finding: StoredFinding, sight: Sight) => {
  const { related, ...rest } = published(finding);
  return { ...rest, related: related.filter((id) => !id.startsWith('/') || sees(sight, id)) };
};

export const oneFinding = route({
  method: 'GET',
  path: '/api/findings/{id}',
  summary: 'One finding with its history, what is related to it, and its acceptance',
  needs: ['Findings.Read'],
  answers: { 200: { about: 'The finding.', json: FindingDetail } },
  async handle({ path, sight, api }) {
    const store = await api.store();
    const { finding, history } = await findingInSight(store, path['id']!, sight);
    const exceptions = await store.exceptions();
    const exception = exceptions.find((each) => each.findingId === finding.id && isActive(each, api.now()));
    return json({
      finding: shownFinding(finding, sight),
      history: history.map(({ revision, at, kind, note, author, runId }) => ({
        revision,
        at,
        kind,
        note,
        runId,
        ...(author !== undefined && { author }),
      })),
      related: (await onPrincipal(store, finding.principal.id, sight)).filter(({ id }) => id !== finding.id).slice(0, relatedMax),
      ...(exception !== undefined && { exception: { ...exception, active: true } }),
      coverage: await coverageOf(store, 'audit', sight),
    });
  },
});

export const relatedMax = 20;

/** What a caller may not see is not there. */
export async function findingInSight(store: ApiStore, id: string, sight: Sight) {
  const found = await store.finding(id);
  if (found === undefined || !sees(sight, found.finding.scope))
    throw new Refusal('not-found', 'No finding has this id. It may have been resolved long ago and forgotten.');
  return found;
}

/** Findings on one principal that are not resolved, the worst first. */
export async function findingsOn(store: ApiStore, principal: string, sight: Sight): Promise<readonly StoredFinding[]> {
  const filter = principal === '' ? undefined : withinSight({ principal, status: ['new', 'open', 'reopened', 'accepted'] }, sight);
  if (filter === undefined) return [];
  const { items } = await filteredPage(
    { limit: relatedMax + 1 },
    (page) => store.findingPage({ filter, sort: 'severity', ...page }),
    ({ scope }) => sees(sight, scope),
  );
  return items;
}

export const onPrincipal = async (store: ApiStore, principal: string, sight: Sight): Promise<readonly RelatedFinding[]> =>
  (await findingsOn(store, principal, sight)).map(({ id, rule, severity, status, title }) => ({ id, rule, severity, status, title }));
