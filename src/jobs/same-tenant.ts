import type { Estate } from '../estate/index.ts';
import type { Store } from '../ports/index.ts';

/** Findings of one tenant, judged against the estate of another, would all resolve. */
export async function assertSameTenant(store: Pick<Store, 'runs'>, { tenantId }: Pick<Estate, 'tenantId'>): Promise<void> {
  const other = (await store.runs(20)).find((run) => run.state === 'finished' && run.tenantId !== '' && run.tenantId !== tenantId);
  if (other !== undefined)
    throw new Error(
      `This store keeps the findings of tenant ${other.tenantId}, and this is tenant ${tenantId}: nothing was written. Name another store.`,
    );
}
