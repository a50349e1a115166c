import { resourceKey } from '../estate/index.ts';
import type { FindingFilter, FindingSort } from '../ports/index.ts';
import { countingDown, indexPartitions, listAround, severityDigit, statusLetters, valueHash, type Dimension } from './finding-index.ts';
import { groupOf, parseTag, subscriptionKey } from './finding-filter.ts';

/** One stretch of the index, in the wanted order. */
export interface Stretch {
  readonly partition: string;
  /** Rows from here to there; what follows `head` in a row key is its place in the order. */
  readonly rowFrom: string;
  readonly rowTo: string;
  readonly head: string;
}

/** Stretches that are merged; one tier after the other, because all of a tier comes before the next. */
export type Plan = readonly (readonly Stretch[])[];

/** More stretches than this cost more than reading the list of all, and leaving out. */
const stretchesMax = 80;

const allStatuses = Object.values(statusLetters);
const allSeverities = ['0', '1', '2', '3', '4'];

/** Which lists answer the question in the wanted order. Whatever they hold too much is left out by the filter. */
export function planOf(filter: FindingFilter, sort: FindingSort): Plan {
  const statuses = unique(filter.status?.map((status) => statusLetters[status])) ?? allStatuses;
  const severities = unique(filter.severity?.map(severityDigit))?.toSorted() ?? allSeverities;
  const since = filter.since === undefined ? '' : countingDown(filter.since);
  const heads = headsOf(filter, statuses);
  const bySeverity = severities.map((severity) => heads.map((head) => stretch(head, severity, since)));
  if (heads.length * (sort === 'changed' ? severities.length : 1) > stretchesMax) return fallback(sort);
  const isWhole = since === '' && severities.length === allSeverities.length;
  switch (sort) {
    case 'severity':
      return isWhole ? [heads.map((head) => stretch(head, '', ''))] : bySeverity;
    case 'changed':
      // The place in this order is what follows the severity.
      if (heads.length === 1 && heads[0]!.partition === indexPartitions.all && severities.length === allSeverities.length)
        return [[{ partition: indexPartitions.time, rowFrom: '', rowTo: `${since}~`, head: '' }]];
      return [bySeverity.flat().map((each) => ({ ...each, head: each.rowFrom }))];
  }
}

const fallback = (sort: FindingSort): Plan => [
  [{ partition: sort === 'severity' ? indexPartitions.all : indexPartitions.time, rowFrom: '', rowTo: '~', head: '' }],
];

interface Head {
  readonly partition: string;
  readonly head: string;
}

const stretch = ({ partition, head }: Head, severity: string, since: string): Stretch => ({
  partition,
  rowFrom: `${head}${severity}`,
  rowTo: `${head}${severity}${since}~`,
  head,
});

/** The list with the fewest rows, by what is usual in a tenant. */
function headsOf(filter: FindingFilter, statuses: readonly string[]): readonly Head[] {
  const values = listValues(filter);
  if (values !== undefined) return values.flatMap((list) => statuses.map((status) => ({ ...list, head: `${list.head}.${status}` })));
  if (statuses.length === allStatuses.length) return [{ partition: indexPartitions.all, head: '' }];
  return statuses.map((status) => ({ partition: indexPartitions.status, head: status }));
}

function listValues(filter: FindingFilter): readonly Head[] | undefined {
  const { principal, scope, resourceGroup, tag, rule, subscription } = filter;
  const around = scope === undefined ? undefined : listAround(resourceKey(scope));
  if (principal !== undefined) return lists('principal', [principal.toLowerCase()]);
  if (around?.includes('/resourcegroups/') === true) return lists('scope', [around]);
  if (resourceGroup !== undefined) {
    return resourceGroup
      .map(groupOf)
      .flatMap((group) =>
        group.subscription === undefined
          ? lists('group', [group.name])
          : lists('scope', [`${group.subscription}/resourcegroups/${group.name}`]),
      );
  }
  if (tag !== undefined) return lists('tag', [tagText(tag)]);
  if (rule !== undefined) return lists('rule', rule);
  if (around !== undefined) return lists('scope', [around]);
  return subscription === undefined ? undefined : lists('scope', subscription.map(subscriptionKey));
}

function tagText(tag: string): string {
  const { name, value } = parseTag(tag);
  return value === undefined ? name : `${name}=${value}`;
}

const lists = (dimension: Dimension, values: readonly string[]): readonly Head[] =>
  [...new Set(values)].map((value) => ({ partition: indexPartitions[dimension], head: valueHash(value) }));

const unique = <Value>(values: readonly Value[] | undefined): readonly Value[] | undefined => values && [...new Set(values)];
