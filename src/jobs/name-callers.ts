import type { Burst, Denial } from '../denials/index.ts';
import type { PrincipalId } from '../estate/index.ts';
import type { LogGap } from '../ports/index.ts';
import type { Reading } from './read-logs.ts';
import type { WatchRequest } from './watch-request.ts';

export interface NamedCallers {
  /** The refused calls of one burst with the caller that all their tokens belong to. */
  readonly named: (denials: readonly Denial[]) => readonly Denial[];
  readonly principals: readonly PrincipalId[];
  readonly gaps: readonly LogGap[];
}

/** More tokens than this in bursts without a name: the busiest tell whose they are. */
const tokensMax = 200;

/**
 * A log may name the token and not who held it: the sign-in that issued it knows. The bursts keep their ids, which are those of the log's own words; only
 * what is asked for the cause learns of the name.
 */
export async function nameCallers(
  { log }: Pick<WatchRequest, 'log'>,
  bursts: readonly Burst[],
  { workspaces }: Pick<Reading['listed'], 'workspaces'>,
  now: string,
): Promise<NamedCallers> {
  const nameless = bursts.flatMap(({ denials }) => denials).filter(isNameless);
  const tokens = [...new Set(nameless.flatMap(({ caller }) => caller.tokenId ?? []))].slice(0, tokensMax);
  if (tokens.length === 0) return { named: (denials) => denials, principals: [], gaps: [] };
  const from = bursts.map(({ firstAt }) => firstAt).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0]!;
  const { callers, coverage } = await log.callersOf(tokens, { from, until: now }, workspaces);
  const holderOf = (denial: Denial) => (isNameless(denial) ? callers.get(denial.caller.tokenId ?? '') : undefined);
  return {
    named(denials) {
      const [holder, ...others] = new Map(denials.flatMap((denial) => holderOf(denial) ?? []).map((one) => [one.objectId, one])).values();
      // Tokens of several are no answer to whose burst it is.
      if (holder === undefined || others.length > 0 || !denials.every(isNameless)) return denials;
      return denials.map((denial) => ({ ...denial, caller: { ...denial.caller, ...holder, kind: 'workload' } }));
    },
    principals: [...callers.values()].map(({ objectId }) => objectId),
    gaps: coverage,
  };
}

const isNameless = ({ caller }: Denial): boolean =>
  caller.tokenId !== undefined && !caller.objectId && !caller.clientId && !caller.resourceId;
