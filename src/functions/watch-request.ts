import type { WatchRequest } from '../jobs/watch-request.ts';
import type { Inside } from './in-house.ts';

/** What both watches work with here. */
export const watchRequest = ({ house, settings, store, progress }: Inside): WatchRequest => ({
  ...house.logs(),
  source: house.source(),
  store,
  settings,
  now: house.now,
  holder: house.holder,
  dryRun: false,
  calls: () => house.calls(),
  progress,
});
