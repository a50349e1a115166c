import * as fc from 'fast-check';
import { answersOrRefuses, parameters } from './foreign.ts';

/** One kind of input that others write, the files of src/ that parse it, and what throws foreign text at them. */
export interface Fuzzed {
  readonly input: string;
  readonly files: readonly string[];
  readonly fuzz: () => Promise<void>;
}

export async function always<Given>(
  given: fc.Arbitrary<Given>,
  holds: (given: Given) => unknown,
  runs = parameters.numRuns,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(given, async (one) => {
      await answersOrRefuses(() => holds(one));
    }),
    { ...parameters, numRuns: runs },
  );
}

/** Each run of these asks a hundred things. */
export const few = Math.ceil(parameters.numRuns / 3);

export const now = '2026-11-20T08:00:00Z';
export const guid = '22222222-2222-4222-8222-222222222222';
export const identity = `/subscriptions/${guid}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;
