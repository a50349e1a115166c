import type { ClientId, PrincipalId } from '../estate/index.ts';

export const services = [
  'key-vault',
  'storage',
  'service-bus',
  'event-hubs',
  'cosmos-db',
  'sql',
  'container-registry',
  'arm',
  'graph',
  'entra',
  'app',
] as const;
export type Service = (typeof services)[number];

/** Who the log says was refused. Any part may be missing; attribution joins what is there with the estate. */
export interface Caller {
  readonly objectId?: PrincipalId | undefined;
  readonly clientId?: ClientId | undefined;
  /** `xms_mirid`: ARM id of the managed identity, as Azure gives it. */
  readonly resourceId?: string | undefined;
  /** `uti` / UniqueTokenIdentifier: joins a refused call with the sign-in that issued its token. */
  readonly tokenId?: string | undefined;
  /** A name the log gives: user principal name, display name, SAS policy. */
  readonly name?: string | undefined;
  /** `user`: a person. `unknown`: the log does not say. */
  readonly kind: 'workload' | 'user' | 'unknown';
  /** Tenant that issued the token, where the log says so. */
  readonly tenantId?: string | undefined;
}

/** Host as a console or application log names it. */
export interface CallingHost {
  /** ARM id of the app, where the row has one (`_ResourceId`). */
  readonly id?: string | undefined;
  readonly name: string;
  readonly revision?: string | undefined;
  readonly replica?: string | undefined;
}

/**
 * Equal refused calls of one source, with their counts per 5-minute bin: what the product receives instead of rows.
 * Counts are totals of the bin as it stands now, so a pass *sets* bins and never adds: late, repeated and doubled rows change nothing.
 */
export interface Denial {
  readonly service: Service;
  /** Log table the rows came from. */
  readonly table: string;
  /** Log Analytics customer id, or `activity:<subscription>` for the Activity Log API. */
  readonly workspace: string;
  readonly caller: Caller;
  /** ARM id where the log has it; otherwise the address or name it gives. */
  readonly target: string;
  /** Object inside the target: secret, container, queue, database; empty when none. */
  readonly object: string;
  /** Operation as the log spells it. */
  readonly operation: string;
  readonly statusCode: number;
  /** Error code: ForbiddenByRbac, AuthorizationPermissionMismatch, AADSTS700016, … or the shortest stable text there is. */
  readonly reason: string;
  /** One example of the message, at most 1,000 characters. Text from outside. */
  readonly sample: string;
  /** Action and assignment ids that the log itself names. */
  readonly action?: string | undefined;
  readonly assignmentId?: string | undefined;
  readonly denyAssignmentId?: string | undefined;
  readonly callerAddresses: readonly string[];
  readonly hosts: readonly CallingHost[];
  readonly bins: readonly Bin[];
  readonly firstAt: string;
  readonly lastAt: string;
}

/** `start` is milliseconds since the epoch, a multiple of five minutes of TimeGenerated. */
export interface Bin {
  readonly start: number;
  readonly count: number;
}

export const binMinutes = 5;
