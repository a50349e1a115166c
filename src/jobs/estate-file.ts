import type { Estate } from '../estate/index.ts';
import { formatName, heading, itemKinds, type Heading, type Item, type ItemKind } from './estate-items.ts';

/**
 * An estate as lines of JSON: a heading, one `[kind, item]` a line, and a last line that counts them, so that a file cut short is noticed.
 * What `collect --out` writes, `audit --estate` reads, bug reports carry, and golden tests keep.
 */
export function* estateLines(estate: Estate): Iterable<string> {
  for (const line of estateValues(estate)) yield JSON.stringify(line);
}

/** The same lines before they are text. */
export function* estateValues(estate: Estate): Iterable<unknown> {
  yield {
    format: formatName,
    tenantId: estate.tenantId,
    collectedAt: estate.collectedAt,
    auditorPrincipalId: estate.auditorPrincipalId,
    canary: estate.directory.canary,
    denyAssignments: estate.denyAssignments !== undefined,
    nativeRoleAssignments: estate.nativeRoleAssignments !== undefined,
  } satisfies Heading;
  let items = 0;
  for (const line of itemsOf(estate)) {
    items += 1;
    yield line;
  }
  yield { items };
}

function* itemsOf(estate: Estate): Iterable<readonly [ItemKind, unknown]> {
  for (const kind of plainKinds) for (const item of estate[kind] ?? []) yield [kind, item];
  for (const item of estate.roles.values()) yield ['roles', item];
  for (const [key, state] of estate.confirmations) yield ['confirmations', { key, state }];
  const { asked, found, deleted, unresolved } = estate.directory;
  for (const id of asked) yield ['asked', id];
  for (const item of found.values()) yield ['found', item];
  for (const item of deleted.values()) yield ['deleted', item];
  for (const [id, why] of unresolved) yield ['unresolved', { id, why }];
  for (const [id, groups] of estate.memberships) yield ['memberships', { id, groups }];
}

/** Kinds that are a plain list in the estate too. */
const plainKinds = [
  'containers',
  'identities',
  'hosts',
  'assignments',
  'denyAssignments',
  'nativeRoleAssignments',
  'federatedCredentials',
  'policyAssignments',
  'vaults',
  'clusters',
  'workspaces',
  'appRoleGrants',
  'directoryRoles',
  'gaps',
] as const satisfies readonly (ItemKind & keyof Estate)[];

/** Lines → estate. Throws a sentence that names the line for anything that is not a whole estate file. */
export const readEstate = (lines: AsyncIterable<string>): Promise<Estate> => assembled(parsed(lines));

/** Of lines that were parsed before; of some kinds only, where not all is wanted: of the others nothing is kept. */
export const estateOf = (values: AsyncIterable<unknown>, kinds: readonly ItemKind[] = allKinds): Promise<Estate> =>
  assembled(numbered(values), kinds);

// `keyof` of an object whose keys are known.
const allKinds = Object.keys(itemKinds) as readonly ItemKind[];

async function assembled(lines: AsyncIterable<NumberedLine>, kinds: readonly ItemKind[] = allKinds): Promise<Estate> {
  const read = emptyItems();
  let head: Heading | undefined;
  let count = 0;
  let end: number | undefined;
  for await (const { number, given } of lines) {
    if (end !== undefined) throw new Error(`Line ${number}: there is more after the last line.`);
    if (head === undefined) head = checked(heading, given, number);
    else if (Array.isArray(given)) {
      take(read, given, number, kinds);
      count += 1;
    } else end = endOf(given, number);
  }
  if (head === undefined) throw new Error('The file is empty.');
  if (end !== count)
    throw new Error(`The file is cut short: it holds ${count} items${end === undefined ? ' and no last line' : ` of ${end}`}.`);
  return assemble(head, read);
}

interface NumberedLine {
  readonly number: number;
  readonly given: unknown;
}

async function* parsed(lines: AsyncIterable<string>): AsyncIterable<NumberedLine> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() !== '') yield { number, given: parse(line, number) };
  }
}

async function* numbered(values: AsyncIterable<unknown>): AsyncIterable<NumberedLine> {
  let number = 0;
  for await (const given of values) yield { number: (number += 1), given };
}

type Items = { [Kind in ItemKind]: Item<Kind>[] };

const emptyItems = (): Items => ({
  containers: [],
  identities: [],
  hosts: [],
  assignments: [],
  roles: [],
  confirmations: [],
  denyAssignments: [],
  nativeRoleAssignments: [],
  federatedCredentials: [],
  policyAssignments: [],
  vaults: [],
  clusters: [],
  workspaces: [],
  asked: [],
  found: [],
  deleted: [],
  unresolved: [],
  memberships: [],
  appRoleGrants: [],
  directoryRoles: [],
  gaps: [],
});

function take(items: Items, given: readonly unknown[], line: number, kinds: readonly ItemKind[]): void {
  const kind = given[0];
  if (typeof kind !== 'string' || !isKind(kind) || given.length !== 2)
    throw new Error(`Line ${line}: ${JSON.stringify(kind)?.slice(0, 60)} is no kind of item.`);
  if (!kinds.includes(kind)) return;
  const result = itemKinds[kind].safeParse(given[1]);
  if (!result.success) throw new Error(`Line ${line} (${kind}): ${wordsOf(result.error.issues)}`);
  // One schema and one list stand under each kind; the type system cannot tell that it is the same one.
  const list: unknown[] = items[kind];
  list.push(result.data);
}

const isKind = (kind: string): kind is ItemKind => Object.hasOwn(itemKinds, kind);

function assemble(
  head: Heading,
  { roles, confirmations, asked, found, deleted, unresolved, memberships, denyAssignments, nativeRoleAssignments, ...lists }: Items,
): Estate {
  return {
    tenantId: head.tenantId,
    collectedAt: head.collectedAt,
    auditorPrincipalId: head.auditorPrincipalId,
    ...lists,
    ...(head.denyAssignments && { denyAssignments }),
    ...(head.nativeRoleAssignments && { nativeRoleAssignments }),
    roles: new Map(roles.map((role) => [role.id, role])),
    confirmations: new Map(confirmations.map(({ key, state }) => [key, state])),
    directory: {
      asked: new Set(asked),
      found: new Map(found.map((one) => [one.id, one])),
      deleted: new Map(deleted.map((one) => [one.id, one])),
      unresolved: new Map(unresolved.map(({ id, why }) => [id, why])),
      canary: head.canary,
    },
    memberships: new Map(memberships.map(({ id, groups }) => [id, groups])),
  };
}

function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`Line ${number} is not JSON.`, { cause });
  }
}

function checked<Output>(
  schema: { safeParse(given: unknown): { success: true; data: Output } | { success: false; error: { issues: readonly Issue[] } } },
  given: unknown,
  line: number,
): Output {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new Error(`Line ${line}: ${wordsOf(result.error.issues)}`);
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const wordsOf = (issues: readonly Issue[]): string =>
  issues
    .slice(0, 3)
    .map(({ path, message }) => [path.map(String).join('.'), message].filter((part) => part !== '').join(': '))
    .join('; ');

function endOf(given: unknown, line: number): number {
  if (typeof given === 'object' && given !== null && 'items' in given && typeof given.items === 'number') return given.items;
  throw new Error(`Line ${line}: expected [kind, item] or the last line.`);
}
