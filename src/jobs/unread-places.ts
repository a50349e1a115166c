import type { LogGap, Place, Places } from '../ports/index.ts';
import { hoursBefore, later, stepHours } from './time-span.ts';

/** A place whose log a pass asks for, under its name in the memory and the scope by which gaps call it. */
export interface AskedPlace {
  readonly name: string;
  readonly scope: string;
  readonly label: string;
  /** A workspace refuses whoever may not read it; an Activity Log is empty for them. */
  readonly isWorkspace: boolean;
}

/**
 * Where reading begins in places that are to be read from further back than `from`: nobody could read them until now, or they have only just come into
 * sight, as a subscription does when the auditor's role arrives there.
 */
export function earlierStarts(before: Places, asked: readonly AskedPlace[], from: string, now: string): ReadonlyMap<string, string> {
  const oldest = hoursBefore(now, stepHours);
  // Of the first pass of all every place is new.
  if (before.size === 0) return new Map();
  return new Map(
    asked.flatMap(({ name }): readonly (readonly [string, string])[] => {
      const known = before.get(name);
      // The first look at a place goes back as far as any first look.
      const unread = known?.since === undefined ? oldest : known.unreadSince;
      if (unread === undefined) return [];
      const start = later(unread, oldest);
      return Date.parse(start) < Date.parse(from) ? [[name, start]] : [];
    }),
  );
}

export interface PlacesRequest {
  readonly before: Places;
  readonly asked: readonly AskedPlace[];
  readonly starts: ReadonlyMap<string, string>;
  readonly from: string;
  readonly now: string;
  /** Since when all places were read that the memory knows nothing of. */
  readonly since: string;
  readonly gaps: readonly LogGap[];
}

/** What is remembered of the places after a pass, and its gaps with the hours that nobody saw. */
export function afterReading(request: PlacesRequest): { readonly places: Places; readonly gaps: readonly LogGap[] } {
  const { before, asked, from, now, gaps } = request;
  const gapsAt = Map.groupBy(gaps, ({ scope }) => scope.toLowerCase());
  const places = new Map<string, Place>();
  const unseen = new Map<string, Place>();
  const back: LogGap[] = [];
  for (const place of asked) {
    const own = gapsAt.get(place.scope.toLowerCase()) ?? [];
    const after = placeAfter(request, place, own);
    places.set(place.name, after.place);
    if (after.place.unreadSince !== undefined) unseen.set(place.scope.toLowerCase(), after.place);
    back.push(...after.back);
  }
  for (const [name, place] of before) {
    const unreadSince = place.unreadSince ?? from;
    if (!places.has(name) && Date.parse(now) - Date.parse(unreadSince) < forgottenAfterDays * dayMs)
      places.set(name, { ...place, unreadSince });
  }
  return { places, gaps: [...gaps.map((gap) => withHours(gap, unseen.get(gap.scope.toLowerCase()))), ...told(back)] };
}

const forgottenAfterDays = 30;
const dayMs = 86_400_000;

function placeAfter(
  { before, starts, from, now, since }: PlacesRequest,
  asked: AskedPlace,
  gaps: readonly LogGap[],
): { readonly place: Place; readonly back: readonly LogGap[] } {
  const known = before.get(asked.name);
  const start = starts.get(asked.name) ?? from;
  // What passes holds the cursor of the whole pass: a place that was read up to it needs no mark of its own.
  if (gaps.some(({ passes }) => passes === true) && known !== undefined) return { place: known, back: [] };
  if (gaps.some((gap) => isRefusal(gap) || gap.passes === true))
    return { place: { ...known, unreadSince: known?.unreadSince ?? (known?.since === undefined ? now : start) }, back: [] };
  if (before.size === 0) return { place: { since }, back: [] };
  if (known !== undefined && known.unreadSince === undefined) return { place: known, back: [] };
  const lost = known?.unreadSince !== undefined && Date.parse(known.unreadSince) < Date.parse(start);
  return { place: { since: lost ? start : (known?.since ?? start) }, back: [backAgain(asked, known, start, lost)] };
}

const isRefusal = ({ permission, state }: LogGap): boolean => permission !== '' && state !== 'whole';

function backAgain({ label, scope, isWorkspace }: AskedPlace, known: Place | undefined, start: string, lost: boolean): LogGap {
  const read = `${label} can be read ${known?.since === undefined ? 'for the first time' : 'again'}; this pass went back to ${start}.`;
  return {
    slice: isWorkspace ? 'logs' : 'activityLog',
    scope,
    state: lost ? 'partial' : 'whole',
    why: lost ? `${read} What was logged there between ${known?.unreadSince} and then nobody saw.` : read,
    permission: '',
    command: '',
    // An Activity Log that showed nothing may have held nothing.
    failed: lost && isWorkspace,
  };
}

const toldMax = 20;

/** A role on a management group brings a thousand logs into sight at once. */
function told(back: readonly LogGap[]): readonly LogGap[] {
  const lost = back.filter(({ state }) => state !== 'whole');
  const whole = back.filter(({ state }) => state === 'whole');
  const [first] = whole;
  if (first === undefined || whole.length <= toldMax) return [...lost, ...whole];
  const why = `${first.why} So can ${whole.length - 1} other logs.`;
  return [...lost, { ...first, scope: '/', why }];
}

function withHours(gap: LogGap, place: Place | undefined): LogGap {
  if (place === undefined || !gap.failed || !isRefusal(gap)) return gap;
  const hours =
    place.since === undefined ? 'Nobody has seen yet what is logged there' : `Nobody saw what was logged there since ${place.unreadSince}`;
  return { ...gap, why: `${gap.why} ${hours}; once it can be read, a pass goes back over it, ${stepHours} hours at most.` };
}
