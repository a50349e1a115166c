import { invalidQuery } from './resource-graph-failure.ts';

/**
 * The part of KQL that Resource Graph takes, checked on the text: the evaluator knows more, and a query that leans on that would fail in Azure.
 * https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language#supported-tabulartop-level-operators
 */
const operators = new Set([
  'count', 'distinct', 'extend', 'join', 'limit', 'mv-expand', 'mvexpand', 'order', 'parse', 'project', 'project-away', 'sort', 'summarize', 'take', 'top', 'union', 'where',
]); // prettier-ignore
const joinsMax = 3;
const unionLegsMax = 3;
const expandRowsMax = 400;
const expandsMax = 3;

export interface QueryShape {
  /** With `limit` or `take` Azure gives no further pages. */
  readonly limited: boolean;
}

/** @throws Failure 400 that names what Resource Graph does not take */
export function checkLanguage(query: string): QueryShape {
  const text = withoutLiterals(query);
  if (/(^|;)\s*(let|set|declare|alias)\s/i.test(text))
    throw invalidQuery('UnsupportedStatement', 'Resource Graph takes no let, set, declare or alias statements.');
  const used = [...text.matchAll(/\|\s*([a-z]+(-[a-z]+)*)/gi)].map((match) => (match[1] ?? '').toLowerCase());
  const unknown = used.find((operator) => !operators.has(operator));
  if (unknown !== undefined) throw invalidQuery('UnsupportedOperator', `Resource Graph does not take the operator '${unknown}'.`);
  const joins = used.filter((operator) => operator === 'join').length;
  if (joins > joinsMax)
    throw invalidQuery('DisallowedMaxNumberOfJoins', `A Resource Graph query takes at most ${joinsMax} joins; this one has ${joins}.`);
  const expands = used.filter((operator) => operator === 'mv-expand' || operator === 'mvexpand').length;
  if (expands > expandsMax)
    throw invalidQuery(
      'DisallowedMaxNumberOfMvExpand',
      `A Resource Graph query takes at most ${expandsMax} mv-expand; this one has ${expands}.`,
    );
  for (const [, rows] of text.matchAll(/mv-?expand[^|]*?\blimit\s+(\d+)/gi)) {
    if (Number(rows) > expandRowsMax)
      throw invalidQuery(
        'DisallowedMvExpandLimit',
        `mv-expand takes a limit of at most ${expandRowsMax} in Resource Graph; this one asks for ${rows}.`,
      );
  }
  for (const [, legs = ''] of text.matchAll(/\bunion\b([^|]*)/gi)) {
    if (topLevelCommas(legs) + 1 > unionLegsMax)
      throw invalidQuery('DisallowedMaxNumberOfUnionLegs', `union takes at most ${unionLegsMax} tables in Resource Graph.`);
  }
  return { limited: used.some((operator) => operator === 'limit' || operator === 'take') };
}

/** Strings become empty and comments go: a word inside them is no operator. */
function withoutLiterals(query: string): string {
  return query.replace(/@"(?:[^"]|"")*"|@'(?:[^']|'')*'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*/g, (found) =>
    found.startsWith('//') ? ' ' : "''",
  );
}

function topLevelCommas(text: string): number {
  let depth = 0;
  let commas = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    else if (character === ')') {
      if (depth === 0) break;
      depth -= 1;
    } else if (character === ',' && depth === 0) commas += 1;
  }
  return commas;
}
