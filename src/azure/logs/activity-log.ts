import pLimit from 'p-limit';
import { z } from 'zod';
import { binMinutes, type Touched } from '../../denials/index.ts';
import type { ActivityLog, LogGap } from '../../ports/index.ts';
import type { AzureClients } from '../clients.ts';
import { troubleOf, type Trouble } from '../trouble.ts';
import { eventOfApi, type ActivityEvent } from './activity-event.ts';
import { activityTable, armDenials } from './arm-denials.ts';
import { changesOf } from './changes.ts';
import { activityReadPermission, mayPass, oddGap, unread } from './log-gaps.ts';

const apiVersion = '2015-04-01';
/** 200 records a page. */
const pagesMax = 50;
const atOnceMax = 6;
/** Empty logs that are asked for the whole of what Azure keeps. */
const canariesMax = 50;
const keptDays = 90;
/** The API selects by the time of the event and lists it minutes later: each reading goes back over the last hour and counts its bins again. */
const overlapMinutes = 60;
const slice = 'activityLog';

/**
 * The Activity Log API. Whoever lacks the right gets an empty list and no error (Azure/azure-sdk-for-java#2097), so silence is proven or said to be a gap: a
 * subscription's log that shows nothing in the window is asked once for any record of 90 days.
 */
export function azureActivityLog(clients: AzureClients): ActivityLog {
  const atOnce = pLimit(atOnceMax);
  const proven = new Set<string>();
  return {
    async read({ scopes, from, until, earlier }) {
      let canaries = 0;
      const oldest = Date.parse(until) - (keptDays - 1) * 86_400_000;
      const startOf = (scope: string): number => floor(Math.max(Date.parse(earlier?.get(scope) ?? from) - overlapMinutes * 60_000, oldest));
      const readings = await Promise.all(
        [...new Set(scopes.map((scope) => scope.toLowerCase()))].map((scope) =>
          atOnce(async () => {
            const reading = await readScope(clients, scope, iso(startOf(scope)), until);
            if (reading.listed > 0) proven.add(scope);
            if (reading.listed > 0 || reading.gaps.length > 0 || proven.has(scope)) return reading;
            canaries += 1;
            const seen = canaries > canariesMax ? 'unasked' : await showsAnything(clients, scope, until);
            if (seen === true) proven.add(scope);
            // Of a silence that proves nothing no count is taken back.
            return seen === true ? reading : { ...reading, complete: false, gaps: [unproven(scope, seen)] };
          }),
        ),
      );
      return {
        changes: changesOf(readings.flatMap((reading) => reading.events)),
        denials: readings.flatMap((reading) => armDenials(reading.events, workspaceOf(reading.scope))),
        touched: readings.filter((reading) => reading.complete).map(({ scope }) => touchedBy(scope, startOf(scope), until)),
        rows: readings.reduce((sum, reading) => sum + reading.events.length, 0),
        coverage: readings.flatMap((reading) => reading.gaps),
      };
    },
  };
}

interface ScopeReading {
  readonly scope: string;
  readonly events: readonly ActivityEvent[];
  /** Records in the answer, of whatever kind. */
  readonly listed: number;
  readonly complete: boolean;
  readonly gaps: readonly LogGap[];
}

const page = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

async function readScope(clients: AzureClients, scope: string, from: string, until: string): Promise<ScopeReading> {
  const events: ActivityEvent[] = [];
  let listed = 0;
  let odd = 0;
  let next: string | undefined = address(scope, from, until);
  const stopped = (why: string, trouble?: Trouble): ScopeReading => ({
    scope,
    events,
    listed,
    complete: false,
    gaps: [
      ...oddGap(slice, armId(scope), odd),
      {
        ...unread(
          slice,
          armId(scope),
          listed > 0 ? 'partial' : 'missing',
          why,
          trouble?.kind === 'forbidden' ? activityReadPermission : '',
        ),
        ...(trouble !== undefined && mayPass(trouble) && { passes: true }),
      },
    ],
  });
  for (let pages = 0; next !== undefined; pages += 1) {
    if (pages >= pagesMax) return stopped(`The Activity Log has more than ${listed} records since ${from}; the older ones were not read.`);
    let answer: z.infer<typeof page>;
    try {
      answer = page.parse(await clients.arm.get(next));
    } catch (error) {
      const trouble: Trouble = error instanceof z.ZodError ? { kind: 'malformed', text: 'the answer was not a list' } : troubleOf(error);
      return stopped(`The Activity Log could not be read: ${trouble.text}`, trouble);
    }
    for (const given of answer.value) {
      listed += 1;
      const event = eventOfApi(given);
      if (event === undefined) odd += 1;
      // What came after the window belongs to the next one, so that passes at other moments end with the same counts.
      else if (Date.parse(event.submittedAt ?? event.at) <= Date.parse(until)) events.push(event);
    }
    next = answer.nextLink || undefined;
  }
  return { scope, events, listed, complete: true, gaps: oddGap(slice, armId(scope), odd) };
}

/** Whether the log shows any record of the last 90 days; newest come first, so the first page tells. */
async function showsAnything(clients: AzureClients, scope: string, until: string): Promise<boolean | Trouble> {
  try {
    const answer = page.parse(await clients.arm.get(address(scope, iso(Date.parse(until) - (keptDays - 1) * 86_400_000), until)));
    return answer.value.length > 0;
  } catch (error) {
    return error instanceof z.ZodError ? { kind: 'malformed', text: 'the answer was not a list' } : troubleOf(error);
  }
}

function unproven(scope: string, seen: false | 'unasked' | Trouble): LogGap {
  const why =
    seen === 'unasked'
      ? 'The Activity Log is empty for this window, and too many of them are to ask each whether it shows anything at all: visibility unproven.'
      : seen === false
        ? 'The Activity Log answers and shows not one record of 90 days, which is also what it shows to somebody without the right to read it: visibility unproven.'
        : `The Activity Log is empty for this window, and whether it shows anything at all could not be asked: ${seen.text}`;
  // Nothing at tenant level in 90 days is common; in a subscription it is not.
  return { ...unread(slice, armId(scope), 'missing', why, activityReadPermission), failed: scope !== '/' };
}

function address(scope: string, from: string, until: string): string {
  const filter = `eventTimestamp ge '${from}' and eventTimestamp le '${until}'`;
  const prefix = scope === '/' ? '' : armId(scope).split('/').map(encodeURIComponent).join('/');
  return `${prefix}/providers/microsoft.insights/eventtypes/management/values?api-version=${apiVersion}&$filter=${encodeURIComponent(filter)}`;
}

/** `/` is the tenant; a GUID a subscription; everything else is an ARM id already (a management group's). */
const armId = (scope: string): string => (scope.startsWith('/') ? scope : `/subscriptions/${scope}`);
const workspaceOf = (scope: string): string => `activity:${scope.replace(/^\/subscriptions\//, '')}`;

function touchedBy(scope: string, start: number, until: string): Touched {
  const end = Date.parse(until);
  const bins: number[] = [];
  for (let bin = start; bin <= end; bin += binMinutes * 60_000) bins.push(bin);
  return { workspace: workspaceOf(scope), table: activityTable, bins };
}

const floor = (ms: number): number => ms - (ms % (binMinutes * 60_000));
const iso = (ms: number): string => new Date(ms).toISOString();
