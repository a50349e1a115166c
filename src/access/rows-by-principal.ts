import type { Assignment, PrincipalId } from '../estate/index.ts';

/** Rows of each principal, as ranges of one array: a list per principal would be 30,000 lists, which cost more to make than to read. */
interface RowsByPrincipal<Place> {
  readonly ofPrincipal: (principal: PrincipalId) => readonly Assignment[];
  readonly hasAny: (principal: PrincipalId) => boolean;
  /** Principals with two rows for whose places `isSo`; with very many rows, whether or not it is. */
  readonly holdersOfTwo: (isSo: (one: Place, other: Place) => boolean) => Iterable<PrincipalId>;
}

const none: readonly Assignment[] = [];
/** Comparing each with each is for the handful that most principals hold. */
const comparedMax = 32;

/** Takes principal and place of every row, in order, and then the rows. */
export function rowsByPrincipal<Place>(count: number): {
  readonly add: (principal: PrincipalId, place: Place) => void;
  readonly close: (rows: readonly Assignment[]) => RowsByPrincipal<Place>;
} {
  const numbers = new Map<PrincipalId, number>();
  const counts: number[] = [];
  const holders = new Uint32Array(count);
  const placesInOrder: Place[] = [];
  return {
    add(principal, place) {
      let holder = numbers.get(principal);
      if (holder === undefined) {
        numbers.set(principal, (holder = counts.length));
        counts.push(0);
      }
      counts[holder]! += 1;
      holders[placesInOrder.length] = holder;
      placesInOrder.push(place);
    },
    close(rows) {
      const starts = startsOf(counts);
      const next = starts.slice();
      const sorted = rows.slice();
      const places = placesInOrder.slice();
      for (let row = 0; row < count; row++) {
        const at = next[holders[row]!]!++;
        sorted[at] = rows[row]!;
        places[at] = placesInOrder[row]!;
      }
      return {
        ofPrincipal(principal) {
          const holder = numbers.get(principal);
          return holder === undefined ? none : sorted.slice(starts[holder], starts[holder + 1]);
        },
        hasAny: (principal) => numbers.has(principal),
        holdersOfTwo(isSo) {
          const found: PrincipalId[] = [];
          for (const [principal, holder] of numbers) if (hasTwo(places, starts[holder]!, starts[holder + 1]!, isSo)) found.push(principal);
          return found;
        },
      };
    },
  };
}

/** Where each one's range begins; one more for where the last one ends. */
function startsOf(counts: readonly number[]): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  for (let at = 0; at < counts.length; at++) starts[at + 1] = starts[at]! + counts[at]!;
  return starts;
}

function hasTwo<Place>(places: readonly Place[], start: number, end: number, isSo: (one: Place, other: Place) => boolean): boolean {
  if (end - start > comparedMax) return true;
  for (let one = start + 1; one < end; one++)
    for (let other = start; other < one; other++) if (isSo(places[one]!, places[other]!)) return true;
  return false;
}
