import { bySubject, type Judgement, type Verdict, type Violation } from '../rules/index.ts';

/** What the rules said, without what they found. */
export type Verdicts = Pick<Judgement, 'verdicts' | 'off'>;

/** The judgements of all parts as the one judgement that the whole estate would have been given. */
export function mergeJudgements(parts: Iterable<Judgement>): Judgement {
  const judgements = [...parts];
  const { verdicts, off } = mergeVerdicts(judgements);
  const byRule = Map.groupBy(
    judgements.flatMap(({ violations }) => violations),
    ({ rule }) => rule,
  );
  return { verdicts, violations: verdicts.flatMap((verdict) => toldBy(verdict, byRule.get(verdict.id) ?? [])), off };
}

const toldBy = ({ verdict }: Verdict, violations: readonly Violation[]): readonly Violation[] =>
  verdict === 'checked' ? violations.toSorted(bySubject) : [];

/**
 * Gaps and memory are the same in each part, and so is what they let a rule say. Only a rule that fails may fail in one part alone: then it answers
 * nowhere, as it would have over the whole, and what it found in other parts is to be left out.
 */
export function mergeVerdicts(parts: Iterable<Verdicts>): Verdicts {
  const [first, ...others] = [...parts];
  if (first === undefined) return { verdicts: [], off: [] };
  return {
    verdicts: first.verdicts.map((verdict, at) =>
      verdict.verdict === 'inconclusive'
        ? verdict
        : (others.map(({ verdicts }) => verdicts[at]).find((other) => other?.verdict === 'inconclusive') ?? verdict),
    ),
    off: first.off,
  };
}
