import type { Denial } from '../denials/index.ts';
import { resourceKey, type Estate, type ResourceKey } from '../estate/index.ts';
import { refusedBy, serviceAt } from './refused-by.ts';

/** What a refused call reached: the resource on which a grant belongs, as Azure spells it where the estate knows that. */
export interface Target {
  readonly id: string;
  readonly key: ResourceKey;
}

/** Logs name a target by ARM id, by address (`https://kv-pay.vault.azure.net/…`) or by bare name; ARM's refusals name it in their text. */
export function targetOf(denial: Denial, estate: Estate): Target | undefined {
  const id = idOf(denial) ?? byName(denial, estate);
  if (id === undefined) return undefined;
  const key = resourceKey(id);
  return { id: spellingsOf(estate).get(key) ?? id, key };
}

/** The ARM id that a log or its text gives. */
export function idOf(denial: Denial): string | undefined {
  const given = scopeInText(denial) ?? denial.target;
  return /^\/(subscriptions|providers)\//i.test(given) ? trimmed(given) : undefined;
}

/**
 * "… does not have authorization to perform action 'X' over scope 'Y'": the Activity Log's own resource id may be the parent of Y. With
 * LinkedAuthorizationFailed the caller may do the first action, and lacks the one on the linked scope:
 * https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
 */
export function refusedInText({ sample }: Pick<Denial, 'sample'>): { readonly action: string; readonly scope: string } | undefined {
  const linked = /does not have permission to perform action\(?s?\)? '([^']+)' on the linked scope\(?s?\)? '([^']+)'/i.exec(sample);
  const own = /perform action '([^']+)' over scope '([^']+)'/i.exec(sample);
  const [, action, scope] = linked ?? own ?? [];
  return action === undefined || scope === undefined ? undefined : { action, scope: scope.split(',')[0]!.trim() };
}

function scopeInText(denial: Denial): string | undefined {
  const scope = denial.service === 'arm' || denial.service === 'app' ? refusedInText(denial)?.scope : undefined;
  return scope?.startsWith('/') ? scope : undefined;
}

/** Nobody grants on a role assignment, on the `blobServices/default` that storage logs name, or on the secret of a vault, but on what they belong to. */
function trimmed(id: string): string {
  return (
    id
      .replace(/(\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+)\/(?:secrets|keys|certificates|storage)(?:\/.*)?$/i, '$1')
      .replace(/\/providers\/Microsoft\.Authorization\/(?:roleAssignments|locks|policyAssignments)(?:\/[^/]+)?$/i, '')
      .replace(/\/(?:blob|queue|table|file)Services\/default$/i, '')
      .replace(/\/+$/, '') || '/'
  );
}

const typesOfService: Readonly<Record<string, RegExp>> = {
  'key-vault': /\/providers\/microsoft\.keyvault\/vaults\/[^/]+$/,
  storage: /\/providers\/microsoft\.storage\/storageaccounts\/[^/]+$/,
  'service-bus': /\/providers\/microsoft\.servicebus\/namespaces\/[^/]+$/,
  'event-hubs': /\/providers\/microsoft\.eventhub\/namespaces\/[^/]+$/,
  'cosmos-db': /\/providers\/microsoft\.documentdb\/databaseaccounts\/[^/]+$/,
  'container-registry': /\/providers\/microsoft\.containerregistry\/registries\/[^/]+$/,
  sql: /\/providers\/microsoft\.sql\/servers\/[^/]+$/,
};

/** These names are unique in Azure; still, two resources of one name in the estate mean that we do not know. */
function byName(denial: Denial, estate: Estate): string | undefined {
  const { target } = denial;
  const name = /^(?:[a-z+]+:\/\/)?([^./:]+)/i.exec(target)?.[1]?.toLowerCase();
  const type = typesOfService[refusedBy(denial)] ?? typesOfService[serviceAt(target) ?? ''];
  if (name === undefined || type === undefined) return undefined;
  const found = [...spellingsOf(estate)].filter(([key]) => key.endsWith(`/${name}`) && type.test(key));
  return found.length === 1 ? found[0]![1] : undefined;
}

const spellings = new WeakMap<Estate, ReadonlyMap<ResourceKey, string>>();

/** Ids as Azure spells them, for every resource that the estate mentions: a target without identities is known by the grants on it. */
function spellingsOf(estate: Estate): ReadonlyMap<ResourceKey, string> {
  let known = spellings.get(estate);
  if (known === undefined) {
    known = new Map<ResourceKey, string>([
      ...estate.assignments.map(({ scope, scopeId }) => [scope, scopeId] as const),
      ...estate.containers.map(({ key, id }) => [key, id] as const),
      ...estate.hosts.map(({ key, id }) => [key, id] as const),
      ...estate.vaults.map(({ key, id }) => [key, id] as const),
    ]);
    spellings.set(estate, known);
  }
  return known;
}
