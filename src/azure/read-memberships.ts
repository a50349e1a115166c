import pLimit from 'p-limit';
import { z } from 'zod';
import { principalId, type Gap, type Memberships, type PrincipalId } from '../estate/index.ts';
import { chunks } from './areas.ts';
import type { AzureClients } from './clients.ts';
import { graphList } from './graph-pages.ts';
import { permissionText } from '../access/index.ts';
import { objectId } from './row.ts';
import { troubleOf, type Trouble } from './trouble.ts';

/** https://learn.microsoft.com/graph/json-batching */
const requestsPerBatch = 20;
const groupsMax = 4000;
const pagesPerGroupMax = 100;
const attemptsMax = 3;

/**
 * Service principals in each group that holds assignments, transitively; the cast leaves out people, who may be many thousands. Twenty groups in one
 * call. `$count` and the header are what Graph wants for a cast: https://learn.microsoft.com/graph/aad-advanced-queries
 */
export async function readMemberships(
  clients: AzureClients,
  groups: readonly PrincipalId[],
): Promise<{ readonly memberships: Memberships; readonly gaps: readonly Gap[] }> {
  const members = new Map<PrincipalId, PrincipalId[]>();
  const troubles: Trouble[] = [];
  const add = (group: PrincipalId, objects: readonly unknown[]) => {
    for (const object of objects) {
      const parsed = member.safeParse(object);
      if (!parsed.success) troubles.push({ kind: 'malformed', text: 'a member without an id' });
      else memberOf(members, principalId(parsed.data.id)).push(group);
    }
  };
  const atOnce = pLimit(4);
  const batches = chunks(groups.slice(0, groupsMax), requestsPerBatch).map((batch) => atOnce(() => readBatch(clients, batch)));
  for (const { group, first, trouble } of (await Promise.all(batches)).flat()) {
    if (trouble !== undefined && trouble.kind !== 'absent') troubles.push(trouble);
    if (first === undefined) continue;
    add(group, first.value);
    const next = first['@odata.nextLink'];
    if (next === undefined || next === null) continue;
    const rest = await graphList(clients.graph, next, pagesPerGroupMax);
    add(group, rest.objects);
    if (rest.trouble !== undefined) troubles.push(rest.trouble);
  }
  return { memberships: members, gaps: [...troubleGaps(troubles, groups.length), ...capGaps(groups.length)] };
}

const member = z.object({ id: objectId });
const page = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().nullish() });
const batchAnswer = z.object({
  responses: z.array(
    z.object({ id: z.string(), status: z.number(), headers: z.record(z.string(), z.unknown()).nullish(), body: z.unknown() }),
  ),
});

interface GroupAnswer {
  readonly group: PrincipalId;
  readonly first?: z.infer<typeof page> | undefined;
  readonly trouble?: Trouble | undefined;
}

/** Requests inside a batch are throttled one by one; those are asked again, alone. */
async function readBatch(clients: AzureClients, groups: readonly PrincipalId[]): Promise<readonly GroupAnswer[]> {
  const answers = new Map<PrincipalId, GroupAnswer>();
  let left = groups;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    let responses: z.infer<typeof batchAnswer>['responses'];
    try {
      responses = batchAnswer.parse(await clients.graph.post('/v1.0/$batch', { requests: left.map(requestFor) })).responses;
    } catch (error) {
      const trouble: Trouble = error instanceof z.ZodError ? { kind: 'malformed', text: 'the answer was not a batch' } : troubleOf(error);
      for (const group of left) answers.set(group, { group, trouble });
      break;
    }
    const byId = new Map(responses.map((response) => [response.id, response]));
    const again: PrincipalId[] = [];
    let waitSeconds = 1;
    for (const [at, group] of left.entries()) {
      const response = byId.get(String(at));
      const passing = response !== undefined && (response.status === 429 || response.status >= 500);
      if (passing && attempt < attemptsMax) {
        again.push(group);
        waitSeconds = Math.max(waitSeconds, retryAfterSeconds(response.headers));
      } else answers.set(group, groupAnswer(group, response));
    }
    left = again;
    if (left.length > 0) await clients.wait(waitSeconds * 1000);
  }
  return groups.map((group) => answers.get(group) ?? { group, trouble: { kind: 'malformed', text: 'the batch left it out' } });
}

const requestFor = (group: PrincipalId, at: number) => ({
  id: String(at),
  method: 'GET',
  url: `/groups/${encodeURIComponent(group)}/transitiveMembers/microsoft.graph.servicePrincipal?$select=id&$top=999&$count=true`,
  headers: { ConsistencyLevel: 'eventual' },
});

function groupAnswer(group: PrincipalId, response: z.infer<typeof batchAnswer>['responses'][number] | undefined): GroupAnswer {
  if (response === undefined) return { group, trouble: { kind: 'malformed', text: 'the batch left it out' } };
  if (response.status !== 200) return { group, trouble: troubleOf(Object.assign(new Error(''), { statusCode: response.status })) };
  const parsed = page.safeParse(response.body);
  return parsed.success ? { group, first: parsed.data } : { group, trouble: { kind: 'malformed', text: 'the answer was not a list' } };
}

function retryAfterSeconds(headers: Readonly<Record<string, unknown>> | null | undefined): number {
  const header = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 120) : 1;
}

function memberOf(members: Map<PrincipalId, PrincipalId[]>, id: PrincipalId): PrincipalId[] {
  const known = members.get(id);
  if (known !== undefined) return known;
  const groups: PrincipalId[] = [];
  members.set(id, groups);
  return groups;
}

function troubleGaps(troubles: readonly Trouble[], groups: number): readonly Gap[] {
  const [first] = troubles;
  if (first === undefined) return [];
  return [
    {
      slice: 'groupMembers',
      scope: '/',
      state: troubles.length >= groups ? 'missing' : 'partial',
      why: `Members of ${troubles.length} of ${groups} groups that hold assignments could not be read: ${first.text}`,
      ...(first.kind === 'forbidden' ? { permission: permissionText('group-members') } : {}),
    },
  ];
}

const capGaps = (groups: number): readonly Gap[] =>
  groups <= groupsMax
    ? []
    : [
        {
          slice: 'groupMembers',
          scope: '/',
          state: 'partial',
          why: `${groups} groups hold assignments; members of the first ${groupsMax} were read.`,
        },
      ];
