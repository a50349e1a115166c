import type { PrincipalId } from '../estate/index.ts';
import type { RuleInput } from './rule.ts';

/** Made within the replication window: the deployment that attaches it or grants it something may still run. Without a date: no. */
export function isJustMade({ estate, settings }: RuleInput, id: PrincipalId): boolean {
  const createdAt = estate.directory.found.get(id)?.createdAt;
  return createdAt !== undefined && Date.parse(estate.collectedAt) - Date.parse(createdAt) < settings.replicationWindowMinutes * 60_000;
}
