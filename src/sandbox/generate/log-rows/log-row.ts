import type { Row } from '../world-folder.ts';

/** Who called, as a token names it. A managed identity of the generator is one. */
export interface Caller {
  readonly principalId: string;
  readonly clientId: string;
  /** ARM id of the identity, which tokens carry as `xms_mirid`. */
  readonly id: string;
}

/** A row as a workspace keeps it: `minutesLate` between the event and its arrival. Key Vault's logs take up to ten minutes, most take two or three. */
export function arrived(at: string, row: Row, minutesLate = 2): Row {
  return {
    TimeGenerated: at,
    SourceSystem: 'Azure',
    ...row,
    _IngestionTime: new Date(Date.parse(at) + minutesLate * 60_000).toISOString(),
  };
}

/** Workspaces keep resource ids in lower case, whatever the provider writes. */
export const resourceColumn = (id: string): Row => ({
  _ResourceId: id.toLowerCase(),
  _SubscriptionId: (/^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '').toLowerCase(),
});

export const nameIn = (id: string): string => id.slice(id.lastIndexOf('/') + 1);
export const groupIn = (id: string): string => /\/resourcegroups\/([^/]+)/i.exec(id)?.[1] ?? '';
export const subscriptionIn = (id: string): string => /^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '';
