import type { CauseConfidence, CauseVerdict } from './cause.ts';
import { causes } from './causes/all.ts';
import type { DiagnosedCause } from './incident.ts';
import { sceneOf, type SceneInput } from './scene.ts';

export interface Diagnosis {
  /** Best first; never empty. */
  readonly causes: readonly DiagnosedCause[];
  readonly ruledOut: readonly { readonly id: string; readonly why: string }[];
}

const causesMax = 4;
const rank: Readonly<Record<CauseConfidence, number>> = { certain: 2, likely: 1, possible: 0 };

/** Asks every cause, ranks what fits by confidence and then by how specific it is, keeps what was ruled out and why. */
export function diagnose(input: SceneInput): Diagnosis {
  const scene = sceneOf(input);
  const verdicts = causes.map((cause) => ({ id: cause.id, verdict: cause.judge(scene) }));
  const fits = verdicts.flatMap(({ id, verdict }) => (verdict.kind === 'fits' ? [{ id, verdict }] : []));
  const explained = fits.filter(({ id }) => id !== 'unexplained');
  const best = (explained.length > 0 ? explained : fits).sort((a, b) => order(a.verdict) - order(b.verdict));
  return {
    causes: best.slice(0, causesMax).map(({ id, verdict }) => ({
      id,
      confidence: verdict.confidence,
      why: verdict.why,
      evidence: verdict.evidence,
      fix: verdict.fix,
      check: verdict.check.filter((line): line is string => line !== undefined && line !== ''),
    })),
    ruledOut: verdicts.flatMap(({ id, verdict }) => (verdict.kind === 'ruled-out' ? [{ id, why: verdict.why }] : [])),
  };
}

const order = (verdict: Extract<CauseVerdict, { kind: 'fits' }>): number => -(rank[verdict.confidence] * 1000 + verdict.weight);
