import { slices, type Coverage, type Gap, type Slice } from '../estate/index.ts';

/** The sum of gaps as every surface shows it: each slice appears, whole where nothing hides it. */
export function coverage(gaps: readonly Gap[]): readonly Coverage[] {
  const bySlice = Map.groupBy(gaps, (gap) => gap.slice);
  return slices.flatMap((slice) => {
    const lines = (bySlice.get(slice) ?? []).map(line).toSorted(byScopeThenText);
    return lines.length === 0 ? [whole(slice)] : lines.filter((each, at) => at === 0 || byScopeThenText(each, lines[at - 1]!) !== 0);
  });
}

/** True when nothing is hidden that a rule infers from. */
export const isComplete = (gaps: readonly Gap[]): boolean => gaps.every((gap) => gap.harmless === true);

const whole = (slice: Slice): Coverage => ({ slice, scope: '/', state: 'whole', why: '', permission: '' });
const line = ({ slice, scope, state, why, permission = '', harmless }: Gap): Coverage => ({
  slice,
  scope,
  state,
  why,
  permission,
  ...(harmless === true && { harmless }),
});

function byScopeThenText(a: Coverage, b: Coverage): number {
  return (
    compare(a.scope.toLowerCase(), b.scope.toLowerCase()) ||
    compare(a.state, b.state) ||
    compare(a.why, b.why) ||
    compare(a.permission, b.permission)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
