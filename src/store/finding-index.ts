import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { resourceKey, type ResourceKey } from '../estate/index.ts';
import type { FindingStatus, StoredFinding } from '../findings/index.ts';
import type { Row } from '../ports/index.ts';
import { severities, type Severity } from '../rules/index.ts';
import { keyText } from './keys.ts';

/**
 * The index of findings: rows in the order in which pages are read, under what pages are asked by. They are hints, the finding's own row is the truth.
 * A key is status, severity and the instant of the last change, counting down: `o19998209235199999`.
 */
export interface Indexed {
  readonly id: string;
  readonly key: string;
  /** Lists it stands in: letter of the dimension and hash of the value. */
  readonly lists: readonly string[];
  /** What filters ask that no list answers, so that the finding itself need not be read to know that it does not match. */
  readonly about: About;
}

export interface About {
  readonly scope: ResourceKey;
  readonly principal: string;
  readonly resource: string;
}

export const statusLetters: Readonly<Record<FindingStatus, string>> = { new: 'n', open: 'o', reopened: 'r', accepted: 'a', resolved: 'x' };
export const statusOfLetter = new Map(Object.entries(statusLetters).map(([status, letter]) => [letter, status as FindingStatus]));
export const severityDigit = (severity: Severity): string => String(severities.indexOf(severity));

/** Partitions. Few of them, so that a batch of 100 writes is full: every principal in one, told apart by the head of the row key. */
export const indexPartitions = {
  /** Everything, worst first; everything, latest first; everything by status. */
  all: 'ix.a',
  time: 'ix.t',
  status: 'ix.s',
  rule: 'ix.r',
  principal: 'ix.p',
  /** The scope and every container or resource it lies in, from the subscription down. */
  scope: 'ix.c',
  /** Name of the resource group. */
  group: 'ix.g',
  tag: 'ix.w',
} as const;
export type Dimension = 'rule' | 'principal' | 'scope' | 'group' | 'tag';

/** 64 bits: two values in one list would only cost a look at the finding itself. */
export const valueHash = (value: string): string => bytesToHex(sha256(utf8ToBytes(value)).subarray(0, 8));

const instantMax = 9_999_999_999_999;

/** Milliseconds counting down, so that the latest sorts first. */
export function countingDown(instant: string): string {
  const ms = Date.parse(instant);
  const within = Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), instantMax);
  return String(instantMax - within).padStart(13, '0');
}

export function indexed(finding: StoredFinding): Indexed {
  const scope = resourceKey(finding.scope);
  const { principal } = finding;
  return {
    id: finding.id,
    key: `${statusLetters[finding.status]}${severityDigit(finding.severity)}${countingDown(finding.changedAt)}`,
    lists: listsOf(finding, scope),
    about: { scope, principal: principal.id.toLowerCase(), resource: principal.resourceId.toLowerCase() },
  };
}

function listsOf({ rule, principal, tags }: StoredFinding, scope: ResourceKey): readonly string[] {
  const group = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/.exec(scope)?.[1];
  const lists: [Dimension, string][] = [['rule', rule]];
  for (const who of new Set([principal.id.toLowerCase(), principal.resourceId.toLowerCase()]))
    if (who !== '') lists.push(['principal', who]);
  for (const container of lineage(scope)) lists.push(['scope', container]);
  if (group !== undefined) lists.push(['group', group]);
  for (const [name, value] of Object.entries(tags ?? {})) lists.push(['tag', name], ['tag', `${name}=${value}`]);
  return [...new Set(lists.map(([dimension, value]) => `${letterOf(dimension)}${valueHash(value)}`))];
}

const letterOf = (dimension: Dimension): string => indexPartitions[dimension].slice(-1);

/** The scope and every container or resource that it lies in, by the text of its id: filters go by the text too. */
function lineage(scope: ResourceKey): readonly string[] {
  const found: string[] = scope === '/' ? [] : [scope];
  for (let end = scope.lastIndexOf('/'); end > 0; end = scope.lastIndexOf('/', end - 1))
    if (isPlace(scope.slice(0, end))) found.push(scope.slice(0, end));
  return found;
}

/** A container, a resource or a part of one; `…/providers` and `…/providers/microsoft.x` are none. */
function isPlace(part: string): boolean {
  const provider = part.lastIndexOf('/providers/');
  const segments = part.slice(Math.max(provider, 0)).split('/').length - 1;
  return segments % 2 === 0 && (provider < 0 || segments >= 4) && !part.endsWith('/providers');
}

/** The list that holds everything at and below a scope, and perhaps more; undefined: only the list of all does. */
export function listAround(scope: string): string | undefined {
  for (let end = scope.length; end > 0; end = scope.lastIndexOf('/', end - 1)) if (isPlace(scope.slice(0, end))) return scope.slice(0, end);
  return undefined;
}

export interface IndexRow {
  readonly partition: string;
  readonly row: string;
}

/** All rows that one key makes. */
export function indexRows({ id, key, lists }: Pick<Indexed, 'id' | 'key' | 'lists'>): readonly IndexRow[] {
  const tail = keyText(id);
  return [
    { partition: indexPartitions.all, row: `${key.slice(1)}.${tail}` },
    { partition: indexPartitions.time, row: `${key.slice(2)}.${tail}` },
    { partition: indexPartitions.status, row: `${key}.${tail}` },
    ...lists.map((list) => ({ partition: `ix.${list.slice(0, 1)}`, row: `${list.slice(1)}.${key}.${tail}` })),
  ];
}

const indexVersion = 1;

export function indexValues({ key, about }: Indexed): Row['values'] {
  return { v: indexVersion, key, scope: about.scope, principal: about.principal, resource: about.resource };
}

export interface Hint {
  readonly id: string;
  readonly key: string;
  readonly about: About;
}

/** Undefined for a row that makes no sense: it is no hint then. */
export function hintOf({ row, values }: Row): Hint | undefined {
  const { key, scope, principal, resource } = values;
  const id = /([a-z0-9-]+-[0-9a-f]{16})$/.exec(row)?.[1];
  if (typeof key !== 'string' || typeof scope !== 'string' || typeof principal !== 'string' || typeof resource !== 'string')
    return undefined;
  return id === undefined || !/^[norax][0-4]\d{13}$/.test(key)
    ? undefined
    : { id, key, about: { scope: scope as ResourceKey, principal, resource } };
}
