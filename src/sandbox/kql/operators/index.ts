/** Every `|` operator the evaluator knows. An operator that is not listed is refused by name. */
import { unsupported } from '../kql-error.ts';
import type { Scope } from '../scope.ts';
import { type SyntaxNode, descendants, kindName, optionalPart } from '../syntax.ts';
import type { Tabular } from '../tabular.ts';
import { evaluatePlugin } from './evaluate.ts';
import { where, as, getSchema, serialize } from './filter.ts';
import { invoke } from './invoke.ts';
import { join, lookup } from './join.ts';
import { makeSeries } from './make-series.ts';
import { mvApply } from './mv-apply.ts';
import { mvExpand } from './mv-expand.ts';
import { parse } from './parse.ts';
import { parseKv } from './parse-kv.ts';
import { partition } from './partition.ts';
import { extend, project, projectByNames, projectRename, projectReorder, projectToResult } from './project.ts';
import { searchPiped } from './search.ts';
import { sort, take, top } from './sort.ts';
import { count, distinct, summarize } from './summarize.ts';
import { unionOf } from './union.ts';

export type Operator = (node: SyntaxNode, source: Tabular, scope: Scope, closed: boolean) => Tabular;

export const OPERATORS: Readonly<Record<string, Operator>> = {
  FilterOperator: where,
  ExtendOperator: extend,
  ProjectOperator: project,
  ProjectAwayOperator: projectToResult,
  ProjectKeepOperator: projectToResult,
  ProjectRenameOperator: projectRename,
  ProjectReorderOperator: projectReorder,
  ProjectByNamesOperator: projectByNames,
  SummarizeOperator: summarize,
  CountOperator: count,
  DistinctOperator: distinct,
  SortOperator: sort,
  TopOperator: top,
  TakeOperator: take,
  JoinOperator: join,
  LookupOperator: lookup,
  UnionOperator: (node, source, scope, closed) => unionOf(node, source, scope, closed),
  MvExpandOperator: mvExpand,
  MvApplyOperator: mvApply,
  ParseOperator: parse,
  ParseWhereOperator: parse,
  ParseKvOperator: parseKv,
  SerializeOperator: serialize,
  GetSchemaOperator: getSchema,
  AsOperator: as,
  InvokeOperator: invoke,
  EvaluateOperator: evaluatePlugin,
  MakeSeriesOperator: makeSeries,
  PartitionOperator: partition,
  SearchOperator: searchPiped,
  RenderOperator: (_node, source) => source,
  ConsumeOperator: (node) => {
    throw unsupported('consume', node.TextStart);
  },
};

const CLOSING = new Set(['ProjectOperator', 'SummarizeOperator', 'DistinctOperator', 'CountOperator', 'MakeSeriesOperator']);

export function closes(operator: SyntaxNode): boolean {
  return CLOSING.has(kindName(operator));
}

const ALL_COLUMNS =
  /^(?:Search|Find|Evaluate|GetSchema|ProjectByNames|ProjectKeep|ProjectAway|ProjectReorder)Operator$|^(?:Wildcarded|BracketedWildcarded)Name$/;

/** Whether anything in the query reads columns without naming them. */
export function readsAllColumns(root: SyntaxNode): boolean {
  return descendants(root).some((node) => {
    const kind = kindName(node);
    if (kind === 'StarExpression' || ALL_COLUMNS.test(kind)) return true;
    return kind === 'FunctionCallExpression' && optionalPart(node, 'Name')?.SimpleName?.toLowerCase() === 'pack_all';
  });
}
