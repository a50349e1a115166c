import type { ClientId, Identity, PrincipalId } from '../estate/index.ts';
import type { Denial, Service } from './denial.ts';
import type { Episode } from './episodes.ts';

/** Who failed, joined with the estate. `inferred`: the log names nobody, `candidates` are the identities that it can have been. */
export interface Attribution {
  readonly by: 'named' | 'inferred';
  readonly principalId?: PrincipalId | undefined;
  readonly clientId?: ClientId | undefined;
  readonly identity?: Identity | undefined;
  readonly candidates: readonly Identity[];
}

/** An improbable run of denials of one caller, or an improbable number of new targets (spread). */
export interface Burst {
  /** Stable: derived from who, service, reason and the ordinal of the episode. */
  readonly id: string;
  readonly kind: 'outage' | 'spread' | 'sign-in' | 'token';
  /** The caller as the logs name it (see `whoOf`). */
  readonly who: string;
  readonly service: Service;
  readonly reason: string;
  /** The aggregates behind it, most denials first. */
  readonly denials: readonly Denial[];
  /** Bursts in the applications' own logs that tell of the same refusals; not among `denials`, for the same call counts once. */
  readonly alsoTold?: readonly Burst[];
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly episode: Episode;
  /** Silent for longer than the settings' quiet time; longer than the resolved time. */
  readonly silence: 'none' | 'quiet' | 'resolved';
}
