import { describe, expect, it } from 'vitest';
import type { Denial } from '../../src/denials/index.ts';
import type { Estate } from '../../src/estate/index.ts';
import type { CauseConfidence, Diagnosis, SceneInput } from '../../src/incidents/index.ts';
import { diagnosed } from '../build/denials.ts';
import { parseAz } from '../rules/az-line.ts';

interface Case {
  readonly name: string;
  readonly estate: Estate;
  readonly denials: readonly Denial[];
  readonly input?: Partial<SceneInput>;
}

export interface Fires extends Case {
  readonly confidence: CauseConfidence;
  readonly why?: RegExp;
  /** Lines of the fix, as printed, in order; every one of them when given. */
  readonly cli?: readonly (string | RegExp)[];
}

export interface Neighbour extends Case {
  /** What it is instead. */
  readonly instead: string;
}

/** Every cause: scenes that fire it first, and look-alikes that have something else first. */
export function causeTable(
  id: string,
  { fires, neighbours }: { readonly fires: readonly Fires[]; readonly neighbours: readonly Neighbour[] },
): void {
  describe(`the cause ${id}`, () => {
    it.each(fires)('is first for $name', ({ estate, denials, input, confidence, why, cli }) => {
      const diagnosis = diagnosed(estate, denials, input);
      const [first] = diagnosis.causes;
      expect(gist(diagnosis)[0]).toBe(`${id} ${confidence}`);
      expect(first?.why).toMatch(why ?? /./);
      const lines = first?.fix.flatMap((step) => step.cli ?? []) ?? [];
      expect(lines.length).toBe(cli?.length ?? lines.length);
      for (const [at, line] of (cli ?? []).entries()) expect(lines[at]).toMatch(line);
      readable(diagnosis);
    });

    it.each(neighbours)('is not first for $name', ({ estate, denials, input, instead }) => {
      const diagnosis = diagnosed(estate, denials, input);
      expect(diagnosis.causes[0]?.id).toBe(instead);
      readable(diagnosis);
    });
  });
}

export const gist = ({ causes }: Diagnosis): readonly string[] => causes.map((one) => `${one.id} ${one.confidence}`);

/** What holds for every answer, whatever the scene. */
export function readable({ causes, ruledOut }: Diagnosis): void {
  expect(causes.length).toBeGreaterThan(0);
  expect(causes.length === 1 || causes.every((one) => one.id !== 'unexplained')).toBe(true);
  for (const { why, fix, check, evidence } of causes) {
    expect(why).toMatch(/^\S.*\.$/s);
    expect(fix.length).toBeGreaterThan(0);
    expect(evidence.length).toBeGreaterThan(0);
    for (const step of fix) expect(step.text).not.toMatch(/connection string|client secret|access key instead|password/i);
    for (const line of [...fix.flatMap((step) => step.cli ?? []), ...check]) expect(() => parseAz(line)).not.toThrow();
  }
  for (const one of ruledOut) {
    expect(one.why).toMatch(/^\S.{8,}[^.]$/s);
    expect(causes.map((cause) => cause.id)).not.toContain(one.id);
  }
}
