import { resourceKey, type Identity } from '../estate/index.ts';
import type { RuleInput } from './rule.ts';

/**
 * Credentials are read one identity at a time and refreshed in slices. That an identity has none is known only when it was asked; readings
 * that do not say whom they asked are taken as complete where no gap is in the way.
 */
export function areCredentialsKnown({ estate, access }: RuleInput, identity: Identity): boolean {
  const readAt = estate.federatedCredentialsReadAt;
  if (readAt !== undefined) return readAt.has(identity.key);
  return !credentialGaps({ estate }).some((gap) => access.within(identity.key, resourceKey(gap.scope)));
}

/** Why no identity can be said to have no credentials, or undefined. */
export function credentialsTrouble({ estate }: RuleInput): string | undefined {
  if (estate.federatedCredentialsReadAt !== undefined) return undefined;
  const gap = credentialGaps({ estate }).find(({ scope }) => resourceKey(scope) === '/');
  return gap === undefined
    ? undefined
    : `it rests on federatedCredentials ${gap.state} at ${gap.scope} (${gap.why}), and whose they are is not known`;
}

const credentialGaps = ({ estate }: Pick<RuleInput, 'estate'>) =>
  estate.gaps.filter((gap) => gap.slice === 'federatedCredentials' && gap.harmless !== true);
