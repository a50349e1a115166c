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
  const verdicts = causes.map(({ id, lastResort = false, judge }) => ({ id, lastResort, verdict: judge(scene) }));
  const fits = givingWay(verdicts.flatMap(({ id, lastResort, verdict }) => (verdict.kind === 'fits' ? [{ id, lastResort, verdict }] : [])));
  const explained = fits.filter(({ id }) => id !== 'unexplained');
  const best = (explained.length > 0 ? explained : fits).toSorted((a, b) => order(a.verdict) - order(b.verdict));
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

interface Fitting {
  readonly id: string;
  readonly lastResort: boolean;
  readonly verdict: Extract<CauseVerdict, { kind: 'fits' }>;
}

/** "No role" is true beside many a better story: next to a certain one it is a possibility, next to a likely one no more than likely. */
function givingWay(fits: readonly Fitting[]): readonly Fitting[] {
  const best = Math.max(-1, ...fits.filter(({ lastResort }) => !lastResort).map(({ verdict }) => rank[verdict.confidence]));
  return fits.map((one) => {
    if (!one.lastResort || best < rank.likely) return one;
    const confidence = best === rank.certain || one.verdict.confidence === 'possible' ? 'possible' : 'likely';
    return { ...one, verdict: { ...one.verdict, confidence } };
  });
}

const order = (verdict: Extract<CauseVerdict, { kind: 'fits' }>): number => -(rank[verdict.confidence] * 1000 + verdict.weight);
