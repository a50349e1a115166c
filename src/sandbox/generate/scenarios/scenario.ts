import type { Place } from './place.ts';

/**
 * A world of which the right answer is known: what happened, told in the rows that Azure would leave. Written from the facts and Microsoft's documents, and on purpose
 * without a look at how the product reads them.
 */
export interface Scenario {
  /** `<cause>/<variation>`; a neighbour's id names the cause that it is close to. */
  readonly id: string;
  /** The cause that must be named first; `none`: nobody may be paged. */
  readonly cause: string;
  /** What happened, for the reader of docs/scenarios.md. */
  readonly story: string;
  readonly build: (place: Place) => void;
  readonly kind?: 'outage' | 'spread' | 'sign-in' | 'token';
  /** Open incidents in the end; one unless told, and zero where the cause is `none`. */
  readonly incidents?: number;
  /** Nothing can prove the cause here: `certain` would be a lie. */
  readonly notCertain?: boolean;
  /** Slices of which coverage must say that they were not seen. */
  readonly unseen?: readonly string[];
  /** The tenant has no Log Analytics workspace. */
  readonly withoutWorkspace?: boolean;
  /** Minutes before the world's now at which earlier passes of the watch ran, oldest first. */
  readonly passes?: readonly number[];
}
