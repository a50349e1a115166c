import { randomUUID } from 'node:crypto';
import { limiter, type Dependencies, type PageFiles } from '../api/index.ts';
import type { House } from '../compose.ts';
import type { Settings } from '../config/index.ts';

/** What the API reaches for, out of a house. Anything that serves it takes this: the function app, `npm run serve`, tests. */
export function apiDependencies(request: {
  readonly house: House;
  readonly settings: Settings;
  readonly version: string;
  readonly pages?: PageFiles;
  readonly log: (line: string) => void;
}): Dependencies {
  const { house, settings, version, pages, log } = request;
  const { authority, issuers, keys } = house.signIn();
  const { tenantId, audiences, clientId, allowedOrigins, subscriptionsByGroup } = settings.api;
  const audits = house.auditRequests();
  return {
    settings: {
      version,
      tenantId,
      audiences,
      clientId,
      authority,
      issuers,
      allowedOrigins,
      scope: settings.scope,
      ...(subscriptionsByGroup !== undefined && { subscriptionsByGroup }),
    },
    keys,
    store: () => house.keptStore(),
    now: house.now,
    nowMs: Date.now,
    limiter: limiter(() => performance.now()),
    source: () => house.source(),
    log,
    reference: () => randomUUID().slice(0, 12),
    ...(audits !== undefined && { audits }),
    ...(pages !== undefined && { pages }),
  };
}
