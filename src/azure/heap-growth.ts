import { setFlagsFromString } from 'node:v8';

/**
 * Reading a tenant makes a few hundred pages of a megabyte each into garbage beside an estate that stays. By default V8 lets such a heap more than
 * double before it clears the old part, and lets the young part grow to 96 MB: 475 MB for an estate of 110 (100,000 assignments). While it is read the
 * old part may therefore grow by a quarter between clearings and the young one not at all: 320 MB, for one second of CPU more in nine
 * (`npm run bench`).
 *
 * Answers how to let go. Judging makes little garbage, and clearing an estate that nobody lets go of costs as much as a third of the judging: from
 * there on the old part may grow by three fifths.
 *
 * From within, because a function app does not choose how Node is started. V8 reads both flags each time it decides how far to grow.
 * https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function growHeapSlowly(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=25');
  return () => setFlagsFromString('--heap-growing-percent=60');
}
