import type { Settings } from '../config/index.ts';
import type { Estate, PrincipalId } from '../estate/index.ts';
import type { Calls } from '../findings/index.ts';
import type { CollectMemory, EstateSource, Store } from '../ports/index.ts';

/** The first half of an audit alone. A store, where there is one, closes blind spots; nothing is written to it. */
export async function collectEstate(request: {
  readonly source: EstateSource;
  readonly store: Store | undefined;
  readonly settings: Pick<Settings, 'scope'>;
  readonly now: () => string;
  /** ARM ids for which deny assignments are read too. */
  readonly denyAssignmentsAt?: readonly string[];
  /** Looked up in the directory even where nothing in the estate names them. */
  readonly principals?: readonly PrincipalId[];
  readonly progress: (line: string) => void;
}): Promise<{ readonly estate: Estate; readonly calls: Calls }> {
  const { source, store, settings, now, progress, denyAssignmentsAt, principals } = request;
  const memory = store === undefined ? nothing : (await store.known('collect')).collect;
  return source.collect({
    now: now(),
    scope: settings.scope,
    memory,
    progress,
    ...(principals !== undefined && { principals }),
    ...(denyAssignmentsAt !== undefined && { denyAssignmentsAt }),
  });
}

const nothing: CollectMemory = { federatedCredentials: new Map(), subscriptions: new Set(), missing: new Set() };
