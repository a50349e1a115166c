import pLimit from 'p-limit';
import { z } from 'zod';
import type { FederatedCredential, Gap, Identity } from '../estate/index.ts';
import type { CollectMemory } from '../ports/index.ts';
import { armPath } from './arm-path.ts';
import type { AzureClients } from './clients.ts';
import { subscriptionOf } from './odd-rows.ts';
import { permissionText } from '../access/index.ts';
import { armId, shortText, text } from './row.ts';
import { troubleOf, type Trouble } from './trouble.ts';

export interface FederatedReading {
  readonly credentials: readonly FederatedCredential[];
  readonly gaps: readonly Gap[];
}

export interface FederatedLimits {
  /** Below this many identities all are read in every run; above, a seventh. */
  readonly refreshesMin: number;
  /** Calls in one run, first readings included. */
  readonly refreshesMax: number;
}

const dayMs = 86_400_000;
const refreshDays = 7;
const pagesMax = 10;

/**
 * Resource Graph does not have federated credentials, so they cost one call per identity. Read now: what was never read, what is older than a week,
 * and the oldest seventh; the rest is remembered, and the coverage says how old it is.
 */
export async function readFederatedCredentials(
  clients: AzureClients,
  identities: readonly Identity[],
  memory: CollectMemory,
  now: string,
  limits: FederatedLimits,
): Promise<FederatedReading> {
  const userAssigned = identities.filter((identity) => identity.kind === 'user-assigned');
  const { due, remembered } = slice(userAssigned, memory, now, limits);
  const credentials: FederatedCredential[] = [];
  const failures: { readonly identity: Identity; readonly trouble: Trouble }[] = [];
  const fallBack = (identity: Identity) => credentials.push(...(memory.federatedCredentials.get(identity.key)?.credentials ?? []));
  for (const identity of remembered) fallBack(identity);
  const atOnce = pLimit(8);
  let version: string = newestVersion;
  const read = async (identity: Identity) => {
    let { found, trouble } = await credentialsOf(clients, identity, now, version);
    if (trouble?.kind === 'rejected' && version === newestVersion) {
      version = widestVersion;
      ({ found, trouble } = await credentialsOf(clients, identity, now, version));
    }
    credentials.push(...found);
    // The identity itself is gone since Resource Graph saw it: nobody signs in as it.
    if (trouble === undefined || trouble.kind === 'absent') return;
    failures.push({ identity, trouble });
    if (found.length === 0) fallBack(identity);
  };
  await Promise.all(due.map((identity) => atOnce(() => read(identity))));
  return { credentials, gaps: [...failureGaps(failures), ...ageGaps(remembered, memory)] };
}

function slice(
  identities: readonly Identity[],
  memory: CollectMemory,
  now: string,
  limits: FederatedLimits,
): { readonly due: readonly Identity[]; readonly remembered: readonly Identity[] } {
  const readAt = (identity: Identity): number => {
    if (memory.changedIdentities?.has(identity.key) === true) return Number.NEGATIVE_INFINITY;
    const at = Date.parse(memory.federatedCredentials.get(identity.key)?.readAt ?? '');
    return Number.isNaN(at) ? Number.NEGATIVE_INFINITY : at;
  };
  const oldestFirst = [...identities].sort((one, other) => readAt(one) - readAt(other) || (one.key < other.key ? -1 : 1));
  const overdue = Date.parse(now) - refreshDays * dayMs;
  const must = oldestFirst.filter((identity) => readAt(identity) <= overdue).length;
  const share = Math.max(Math.ceil(identities.length / refreshDays), limits.refreshesMin);
  const count = Math.min(Math.max(must, share), limits.refreshesMax);
  return { due: oldestFirst.slice(0, count), remembered: oldestFirst.slice(count) };
}

/** Shows flexible credentials (claimsMatchingExpression). Clouds get new versions late; the older one is everywhere. */
const newestVersion = '2026-05-31';
const widestVersion = '2023-01-31';
const page = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });
const credential = z.object({
  id: armId,
  name: shortText,
  properties: z.object({
    issuer: z.string().max(2048),
    subject: text,
    audiences: z.array(z.string()).nullish(),
    claimsMatchingExpression: z.object({ value: text }).nullish(),
  }),
});

async function credentialsOf(
  clients: AzureClients,
  identity: Identity,
  now: string,
  version: string,
): Promise<{ readonly found: readonly FederatedCredential[]; readonly trouble?: Trouble }> {
  const found: FederatedCredential[] = [];
  const path = armPath(identity.resourceId);
  let next: string | undefined = path === undefined ? undefined : `${path}/federatedIdentityCredentials?api-version=${version}`;
  if (next === undefined) return { found, trouble: { kind: 'rejected', text: 'its id is not a path' } };
  try {
    for (let read = 0; next !== undefined && read < pagesMax; read += 1) {
      const answer: z.infer<typeof page> = page.parse(await clients.arm.get(next));
      found.push(...answer.value.map((given) => credentialOf(credential.parse(given), identity, now)));
      next = answer.nextLink ?? undefined;
    }
    return { found };
  } catch (error) {
    return {
      found,
      trouble:
        error instanceof z.ZodError
          ? { kind: 'malformed', text: 'a credential had a shape that the auditor does not understand' }
          : troubleOf(error),
    };
  }
}

function credentialOf(given: z.infer<typeof credential>, identity: Identity, now: string): FederatedCredential {
  return {
    id: given.id,
    name: given.name ?? given.id.slice(given.id.lastIndexOf('/') + 1),
    identity: identity.key,
    issuer: given.properties.issuer,
    subject: given.properties.subject ?? undefined,
    expression: given.properties.claimsMatchingExpression?.value ?? undefined,
    audiences: given.properties.audiences ?? [],
    readAt: now,
  };
}

/** One gap per subscription and kind of trouble, not one per identity. */
function failureGaps(failures: readonly { readonly identity: Identity; readonly trouble: Trouble }[]): readonly Gap[] {
  const groups = Map.groupBy(failures, ({ identity, trouble }) => `${subscriptionOf(identity.resourceId).toLowerCase()} ${trouble.kind}`);
  return [...groups.values()].flatMap((group): readonly Gap[] => {
    const [first] = group;
    if (first === undefined) return [];
    const count = `${group.length} ${group.length === 1 ? 'identity' : 'identities'}`;
    return [
      {
        slice: 'federatedCredentials',
        scope: subscriptionOf(first.identity.resourceId),
        state: 'partial',
        why: `Federated credentials of ${count} could not be read, the first is ${first.identity.name}: ${first.trouble.text}`,
        ...(first.trouble.kind === 'forbidden' ? { permission: permissionText('federated-credentials') } : {}),
      },
    ];
  });
}

function ageGaps(remembered: readonly Identity[], memory: CollectMemory): readonly Gap[] {
  const never = remembered.filter((identity) => !memory.federatedCredentials.has(identity.key)).length;
  const ages = remembered.flatMap((identity) => memory.federatedCredentials.get(identity.key)?.readAt ?? []).sort();
  const gaps: Gap[] = [];
  if (never > 0)
    gaps.push({
      slice: 'federatedCredentials',
      scope: '/',
      state: 'partial',
      why: `Federated credentials of ${never} identities have not been read yet; the next runs go on with them.`,
    });
  const [oldest] = ages;
  if (oldest !== undefined) {
    gaps.push({
      slice: 'federatedCredentials',
      scope: '/',
      state: 'partial',
      why: `Federated credentials of ${ages.length} identities are from earlier runs, the oldest reading is of ${oldest}. Each is read again within a week.`,
      harmless: true,
    });
  }
  return gaps;
}
