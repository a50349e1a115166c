import { openAccess } from '../../src/access/index.ts';
import { inOrder, scopeTree, type Estate } from '../../src/estate/index.ts';
import {
  digitsOf,
  findingId,
  mergeReconciled,
  noMemory,
  reconcile,
  remember,
  ruleOfFinding,
  tagsInForce,
  withTags,
  type Exception,
  type Exclusions,
  type Reconciled,
  type Remembered,
  type StoredFinding,
} from '../../src/findings/index.ts';
import { findingNotices } from '../../src/outbox/index.ts';
import { judge, rules, type Judgement, type Memory, type Rule, type RuleSettings } from '../../src/rules/index.ts';
import { contextOf, judgePart, mergeJudgements, splitOff, tagCarriers, type Rows, type TagCarriers } from '../../src/shards/index.ts';
import { dice } from './random-estate.ts';

export interface Run {
  readonly estate: Estate;
  readonly memory: Memory;
  readonly settings: RuleSettings;
  readonly rules?: readonly Rule[];
  readonly now: string;
  readonly runId?: string;
  readonly known?: { readonly findings: ReadonlyMap<string, StoredFinding>; readonly exceptions: readonly Exception[] };
  readonly exclusions?: Exclusions;
}

export interface Told {
  readonly judgement: Judgement;
  readonly reconciled: Reconciled;
  readonly written: readonly StoredFinding[];
  readonly notices: readonly unknown[];
}

const nothingExcluded: Exclusions = { rules: [], scopes: [], tags: [] };
const area = { managementGroups: [], subscriptions: [] };

/** As jobs/audit-estate.ts does it. */
export function single(run: Run): Told {
  const estate = inOrder(run.estate);
  const access = openAccess(estate);
  const { memory, settings, now } = run;
  const judgement = judge({ estate, access, memory, settings, now, rules: run.rules ?? rules });
  return { judgement, ...reconciledPiece(run, estate, judgement, run.known?.findings ?? new Map(), run.known?.exceptions ?? []) };
}

/** Row by row out of order, part by part, and then piece by piece of the findings. */
export async function sharded(run: Run, parts: number, order = 1): Promise<Told> {
  const judgement = mergeJudgements(await judgementsOfParts(run, parts, order));
  const split = splitOff(run.estate);
  const rows = outOfOrder(split.rows, order);
  const carriers = await tagCarriers({ facts: split.facts, rows });
  const { findings = new Map(), exceptions = [] } = run.known ?? {};
  const pieceOf = (id: string): string => `${ruleOfFinding(id) ?? ''} ${Number.parseInt(digitsOf(id).slice(0, 1) || '0', 16) % 3}`;
  const violations = Map.groupBy(judgement.violations, ({ rule, subject, aspect }) => pieceOf(findingId(rule, subject, aspect)));
  const knownHere = Map.groupBy(findings, ([id]) => pieceOf(id));
  const acceptedHere = Map.groupBy(exceptions, (exception) => pieceOf(exception.findingId));
  const pieces = [...new Set([...violations.keys(), ...knownHere.keys(), ...acceptedHere.keys()])].map((piece) =>
    reconciledPiece(
      run,
      carriers,
      { ...judgement, violations: violations.get(piece) ?? [] },
      new Map(knownHere.get(piece)),
      acceptedHere.get(piece) ?? [],
    ),
  );
  return {
    judgement,
    reconciled: mergeReconciled(pieces.map(({ reconciled }) => reconciled)),
    written: pieces.flatMap(({ written }) => written).sort((a, b) => (a.id < b.id ? -1 : 1)),
    notices: pieces.flatMap(({ notices }) => notices).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  };
}

export async function judgementsOfParts(
  { estate, memory, settings, now, rules: asked = rules }: Run,
  parts: number,
  order = 1,
): Promise<readonly Judgement[]> {
  const { facts, rows: inTurn } = splitOff(estate);
  const rows = outOfOrder(inTurn, order);
  const context = await contextOf({ facts, rows });
  const judgements: Judgement[] = [];
  for (let part = 0; part < parts; part++) {
    const { judgement } = await judgePart({ context, rows, memory, settings, rules: asked, now, part, parts });
    judgements.push(judgement);
  }
  return judgements;
}

function reconciledPiece(
  run: Run,
  carriers: TagCarriers,
  { verdicts, violations, off }: Judgement,
  findings: ReadonlyMap<string, StoredFinding>,
  exceptions: readonly Exception[],
): Omit<Told, 'judgement'> {
  const { within } = scopeTree(run.estate.containers);
  const tagsOf = tagsInForce(carriers);
  const reconciled = reconcile({
    known: { findings, exceptions },
    violations,
    verdicts,
    off,
    within,
    area,
    tagsOf,
    rules: run.rules ?? rules,
    exclusions: run.exclusions ?? nothingExcluded,
    now: run.now,
    runId: run.runId ?? 'run-1',
  });
  return {
    reconciled,
    written: withTags(reconciled.changes.findings, reconciled.findings, tagsOf, carriers),
    notices: findingNotices(reconciled.changes, { tagsOf, first: false }).toSorted((a, b) =>
      JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
    ),
  };
}

/** What the store holds after a run. */
export const storedAfter = (run: Run, told: Told): ReadonlyMap<string, StoredFinding> =>
  new Map([...(run.known?.findings ?? []), ...told.written.map((finding) => [finding.id, finding] as const)]);

/** What the next run remembers of this one. */
export function rememberedAfter(run: Run, told: Told, remembered: Remembered = { ...noMemory, memory: run.memory }) {
  const { within } = scopeTree(run.estate.containers);
  return remember({
    estate: inOrder(run.estate),
    remembered,
    verdicts: told.judgement.verdicts,
    within,
    area,
    now: run.now,
    runId: run.runId ?? 'run-1',
  });
}

/** The rows as shards bring them: in any order. */
function outOfOrder(rows: Rows, order: number): Rows {
  return (kinds) => {
    const { below } = dice(order);
    return [...(rows(kinds) as ReturnType<ReturnType<typeof splitOff>['rows']> & Iterable<never>)]
      .map((row) => ({ row, at: below(1_000_000) }))
      .sort((a, b) => a.at - b.at)
      .map(({ row }) => row);
  };
}

/** Where two tellings begin to differ, byte by byte, with what stands around it; empty: nowhere. */
export function difference(one: unknown, other: unknown): string {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  if (a === b) return '';
  let at = 0;
  while (a[at] === b[at]) at += 1;
  const from = Math.max(0, at - 300);
  return `…${a.slice(from, at + 120)}…\n instead of\n…${b.slice(from, at + 120)}…`;
}
