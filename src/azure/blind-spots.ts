import pLimit from 'p-limit';
import type { Container, Gap, Slice } from '../estate/index.ts';
import type { AzureClients } from './clients.ts';
import { permissionFor } from '../access/index.ts';
import { standingOf, type Standing } from './subscription-list.ts';

/** Slices whose rows lie in a subscription: blind there, blind in all of them. */
const slicesOfSubscription = [
  'containers',
  'hosts',
  'identities',
  'roleAssignments',
  'vaults',
  'clusters',
  'workspaces',
  'policyAssignments',
  'federatedCredentials',
] as const satisfies readonly Slice[];

export interface Suspicion {
  /** Lower-case subscription ids that Resource Graph showed something of. */
  readonly seen: ReadonlySet<string>;
  /** Ids that should be there, most telling first: asked for by settings, listed by ARM, seen by an earlier run, named in a row. */
  readonly expected: ReadonlyMap<string, string>;
}

/**
 * Resource Graph is silently partial: what the auditor may not read is not there. A subscription that something else knows of and Resource Graph
 * does not show is asked for by id. 404: it is gone. Anything else is a gap over everything in it.
 */
export async function blindSubscriptions(clients: AzureClients, { seen, expected }: Suspicion, probesMax: number): Promise<readonly Gap[]> {
  const suspects = [...expected].filter(([id]) => !seen.has(id) && plausible.test(id));
  const atOnce = pLimit(8);
  const probe = async ([id, reason]: readonly [string, string], at: number): Promise<readonly Gap[]> => {
    if (at >= probesMax)
      return blind(id, `Resource Graph shows nothing of this subscription, ${reason}; too many of this kind to ask for each.`, false);
    return gapsOf(id, reason, await standingOf(clients, id));
  };
  return (await Promise.all(suspects.map((suspect, at) => atOnce(() => probe(suspect, at))))).flat();
}

const plausible = /^[\w-]{1,64}$/;

function gapsOf(id: string, reason: string, standing: Standing): readonly Gap[] {
  switch (standing.kind) {
    case 'gone':
      return [];
    case 'readable':
      return blind(id, `Resource Graph shows nothing of this subscription, ${reason}, although it exists.`, false);
    case 'trouble':
      return blind(
        id,
        `The auditor cannot see into this subscription, ${reason}: ${standing.trouble.text}`,
        standing.trouble.kind === 'forbidden',
      );
  }
}

function blind(id: string, why: string, forbidden: boolean): readonly Gap[] {
  return slicesOfSubscription.map((slice) => ({
    slice,
    scope: `/subscriptions/${id}`,
    state: 'missing',
    why,
    ...(forbidden ? { permission: permissionFor(slice) } : {}),
  }));
}

/** An audit in shards reads the subscriptions that the count showed it; where the count was cut, one that turns up later was not read. */
export function unplannedSubscriptions(containers: readonly Container[], read: ReadonlySet<string> | undefined): readonly Gap[] {
  if (read === undefined) return [];
  return containers.flatMap(({ kind, key }) => {
    const id = key.slice('/subscriptions/'.length);
    if (kind !== 'subscription' || read.has(id)) return [];
    return blind(
      id,
      'This subscription turned up after the audit had been cut into shards, and was not read; the next audit reads it.',
      false,
    );
  });
}

/** Nothing at all is never an answer: a tenant without a visible subscription is one that the auditor has no rights in. */
export function emptyTenant(): readonly Gap[] {
  return slicesOfSubscription.map((slice) => ({
    slice,
    scope: '/',
    state: 'missing',
    why: 'Not one subscription is visible to the auditor. Its role is probably not assigned yet (at the root management group, or at each subscription to audit).',
    permission: permissionFor(slice),
  }));
}

/** Slices that rules draw conclusions from by absence; what lies outside the audited area could hold the missing piece. */
const inferredFrom = [
  'hosts',
  'identities',
  'roleAssignments',
  'vaults',
  'clusters',
  'policyAssignments',
] as const satisfies readonly Slice[];

export function outsideOfScope(areas: readonly string[]): readonly Gap[] {
  const named = areas.length > 3 ? `${areas.slice(0, 3).join(', ')} and ${areas.length - 3} more` : areas.join(', ');
  return inferredFrom.map((slice) => ({
    slice,
    scope: '/',
    state: 'partial',
    why: `The settings narrow the audit to ${named}; what lies outside was not read.`,
  }));
}
