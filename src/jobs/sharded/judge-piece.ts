import { digitsOf, findingId } from '../../findings/index.ts';
import { inventoryOf } from '../../inventory/index.ts';
import type { PieceWriter } from '../../ports/index.ts';
import { contextOf, judgePart, memoryOfVanished, partOf, type Verdicts } from '../../shards/index.ts';
import { sha256 } from '../sha256.ts';
import { collectedPieces, readFacts, rowsIn } from './checkpoint-estate.ts';
import type { ShardedRequest, Underway } from './sharded-request.ts';

/** Of a rule with more violations than these in one part, each list holds those of one hexadecimal digit. */
const violationsTogether = 1_000;

export interface JudgeResult extends Verdicts {
  /** Violations by rule: the join is cut by them. */
  readonly violations: Readonly<Record<string, number>>;
}

export const wholeList = (rule: string): string => `violations.${rule}`;
export const digitList = (rule: string, digit: string): string => `violations.${rule}.${digit}`;

/** One part judged by the unmodified rules: its violations, and the sheets of its identities. */
export async function judgeOnePart(
  { store, settings, rules, progress }: ShardedRequest,
  { plan }: Underway,
  part: number,
  writer: PieceWriter,
): Promise<void> {
  const states = await store.pieces(plan.id);
  const rows = rowsIn(store, plan.id, collectedPieces(plan, states));
  const context = await contextOf({ facts: await readFacts(store, plan.id, states), rows });
  const memory = memoryOfVanished(context, (await store.knownAround(plan.runId)).memory);
  const { estate, access, judgement } = await judgePart({
    context,
    rows,
    memory,
    settings: settings.rules,
    rules,
    now: plan.at,
    part,
    parts: plan.parts,
  });
  progress(`part ${part + 1} of ${plan.parts}: ${estate.assignments.length} assignments, ${judgement.violations.length} violations`);
  const violations: Record<string, number> = {};
  for (const [rule, found] of Map.groupBy(judgement.violations, (violation) => violation.rule)) {
    violations[rule] = found.length;
    for (const violation of found) {
      const id = findingId(rule, violation.subject, violation.aspect, sha256);
      await writer.put(found.length <= violationsTogether ? wholeList(rule) : digitList(rule, digitsOf(id).slice(0, 1)), violation);
    }
  }
  for (const sheet of inventoryOf({ estate, access, now: plan.at }))
    if (partOf(sheet.principalId, plan.parts) === part) await writer.put('sheets', sheet);
  const { verdicts, off } = judgement;
  await writer.done({ verdicts, off, violations } satisfies JudgeResult);
}
