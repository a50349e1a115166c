import { setTimeout as timer } from 'node:timers/promises';

/** Sleeps; ends early, with an error, when the signal aborts. Tests pass one that does not sleep. */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

export const wait: Wait = (ms, signal) => timer(ms, undefined, signal === undefined ? {} : { signal });
