import { z } from 'zod';
import { isActive, type Exception as StoredException } from '../../findings/index.ts';
import { acceptFinding, unacceptFinding, type Accepted } from '../../jobs/accept-finding.ts';
import { authorOf, type Caller } from '../auth/caller.ts';
import { sees, type Sight } from '../auth/sight.ts';
import { AcceptManyRequest, AcceptManyResult, AcceptRequest, ExceptionPage, Finding, type Exception } from '../contract/index.ts';
import { coverageOf } from '../coverage-of.ts';
import type { ApiStore } from '../dependencies.ts';
import { json, type Answer } from '../http/answer.ts';
import { Refusal } from '../http/problem.ts';
import { route } from '../http/route.ts';
import { filteredPage, pageOfList } from '../paging.ts';
import { exceptionSheet } from '../sheets.ts';
import { findingInSight, shownFinding } from './findings.ts';
import { paging, words } from './parameters.ts';

const needs = ['Findings.Manage'] as const;
const path = '/api/findings/{id}/exception';

export const acceptOne = route({
  method: 'POST',
  path,
  summary: 'Accept the risk of one finding, with a reason and an end',
  needs,
  body: AcceptRequest,
  answers: { 200: { about: 'The finding as it is now.', json: z.object({ finding: Finding }) } },
  async handle({ path: { id }, body, sight, caller, api }) {
    const store = await api.store();
    const { finding } = await findingInSight(store, id!, sight);
    return done(await acceptFinding(store, { findingId: finding.id, ...body, author: author(caller), now: api.now() }), sight);
  },
});

export const endOne = route({
  method: 'DELETE',
  path,
  summary: 'End an acceptance before its time',
  needs,
  answers: { 200: { about: 'The finding as it is now.', json: z.object({ finding: Finding }) } },
  async handle({ path: { id }, sight, caller, api }) {
    const store = await api.store();
    const { finding } = await findingInSight(store, id!, sight);
    return done(await unacceptFinding(store, { findingId: finding.id, author: author(caller), now: api.now() }), sight);
  },
});

function done(outcome: Accepted, sight: Sight): Answer {
  if (outcome.kind === 'refused') throw new Refusal('conflict', outcome.because);
  return json({ finding: shownFinding(outcome.finding, sight) });
}

export const acceptMany = route({
  method: 'POST',
  path: '/api/exceptions',
  summary: 'Accept the risk of up to 100 findings for one reason',
  needs,
  body: AcceptManyRequest,
  answers: { 200: { about: 'Which were accepted, and why others were not.', json: AcceptManyResult } },
  async handle({ body, sight, caller, api }) {
    const store = await api.store();
    const accepted: string[] = [];
    const refused: { findingId: string; because: string }[] = [];
    // One after the other: each is whole or not at all, and a caller that repeats the request finishes what is left.
    for (const findingId of new Set(body.findingIds)) {
      const outcome = await acceptIfSeen(store, findingId, { ...body, author: author(caller), now: api.now() }, sight);
      if (outcome.kind === 'refused') refused.push({ findingId, because: outcome.because });
      else accepted.push(findingId);
    }
    return json({ accepted, refused });
  },
});

async function acceptIfSeen(
  store: ApiStore,
  findingId: string,
  { reason, until, author, now }: { readonly reason: string; readonly until: string; readonly author: string; readonly now: string },
  sight: Sight,
): Promise<Accepted> {
  try {
    await findingInSight(store, findingId, sight);
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', because: error.message };
    throw error;
  }
  return acceptFinding(store, { findingId, reason, until, author, now });
}

/** The door let nobody in without one. */
function author(caller: Caller | undefined): string {
  if (caller === undefined) throw new Refusal('not-signed-in', 'Only somebody who is signed in can decide this.');
  return authorOf(caller);
}

export const listExceptions = route({
  method: 'GET',
  path: '/api/exceptions',
  summary: 'Acceptances, the latest first',
  needs: ['Findings.Read'],
  query: z.strictObject({
    active: z.enum(['true', 'false']).exactOptional().describe('true: in force now. false: ended. Absent: both.'),
    rule: words('Rule ids.'),
    ...paging,
  }),
  answers: { 200: { about: 'A page of acceptances.', json: ExceptionPage, also: ['text/csv'] } },
  async handle({ query: { active, rule, ...page }, sight, api }) {
    const store = await api.store();
    const all = (await store.exceptions()).map((exception) => shown(exception, api.now()));
    const wanted = all.filter(
      (each) => (active === undefined || each.active === (active === 'true')) && (rule === undefined || rule.includes(each.rule)),
    );
    const { items, cursor } = await filteredPage(
      page,
      async (part) => ({ ...pageOfList(wanted, part, ({ createdAt, id }) => `${createdAt} ${id}`), roundTrips: 0 }),
      (exception) => seesException(store, exception, sight),
    );
    const coverage = await coverageOf(store, 'audit', sight);
    return {
      kind: 'json',
      body: { items, ...(cursor !== undefined && { cursor }), coverage },
      sheet: { name: 'exceptions', rows: () => exceptionSheet(items) },
    };
  },
});

const shown = (exception: StoredException, now: string): Exception => ({
  id: exception.id,
  findingId: exception.findingId,
  rule: exception.rule,
  reason: exception.reason,
  author: exception.author,
  createdAt: exception.createdAt,
  until: exception.until,
  ...(exception.endedAt !== undefined && { endedAt: exception.endedAt }),
  active: isActive(exception, now),
});

/** An acceptance says what it accepts: it is seen by whoever sees the finding. */
async function seesException(store: ApiStore, { findingId }: Exception, sight: Sight): Promise<boolean> {
  if (sight.kind === 'everything') return true;
  const stored = await store.finding(findingId);
  return stored !== undefined && sees(sight, stored.finding.scope);
}
