import type { HistoryEntry, StoredFinding } from '../findings/index.ts';
import { causes, type StoredIncident } from '../incidents/index.ts';
import type { IdentitySheet } from '../inventory/index.ts';
import {
  buildReview,
  figureNames,
  identityTally,
  periodOf,
  runTally,
  within,
  type IdentityTally,
  type Period,
  type Review,
  type ReviewFigures,
  type TrendDay,
} from '../messages/review/index.ts';
import type { KeptReview, Page, PageRequest, ReviewStore, Store, TrendPoint, WatchStore } from '../ports/index.ts';
import type { Rule } from '../rules/index.ts';

/** The part of the store's questions that a review asks. */
export interface ReviewedInventory {
  inventory(query: PageRequest & { readonly filter: Readonly<Record<string, never>> }): Promise<Page<IdentitySheet>>;
  trend(days: { readonly from: string; readonly to: string }): Promise<readonly TrendPoint[]>;
}

export interface BuildReviewRequest {
  readonly store: Store & WatchStore & ReviewStore & Partial<ReviewedInventory>;
  /** `2026-10` */
  readonly month: string;
  readonly now: string;
  readonly rules: readonly Rule[];
  readonly progress: (line: string) => void;
}

export class NoSuchMonth extends Error {
  override readonly name = 'NoSuchMonth';
}

/** The review of a month from what is stored. Reads only. Throws NoSuchMonth for a month that is none, or has not begun. */
export async function reviewOfMonth({ store, month, now, rules, progress }: BuildReviewRequest): Promise<Review> {
  const period = periodOf(month, now);
  if (period === undefined) throw new NoSuchMonth(`${month} is not a month that has begun: name one such as ${now.slice(0, 7)}.`);
  progress(`reading the runs of ${month}`);
  const runs = runTally(period);
  let tenantId = '';
  for await (const run of store.runsWithin(period.from, period.until)) {
    runs.add(run);
    tenantId ||= run.tenantId;
  }
  if (tenantId === '') tenantId = (await store.runs(20)).find((run) => run.tenantId !== '')?.tenantId ?? '';
  progress('reading findings and their history');
  const findings: StoredFinding[] = [];
  for await (const finding of store.findings({})) findings.push(finding);
  const history = await historyOfMonth(store, period);
  const incidents: StoredIncident[] = [];
  for await (const incident of store.incidents({})) incidents.push(incident);
  progress('reading the inventory of identities');
  const identities = identityTally();
  const trend = await readInventory(store, identities, period);
  const titles = new Map(causes.map(({ id, title }) => [id, title]));
  return buildReview({
    month,
    period,
    now,
    tenantId,
    subscriptions: await store.subscriptionNames(),
    runs,
    identities,
    findings,
    history,
    exceptions: await store.exceptions(),
    incidents,
    trend,
    previous: figuresFrom(await store.reviewBefore(month)),
    rules,
    titleOfCause: (cause) => titles.get(cause) ?? cause,
    notes: store.notes(),
  });
}

/** Whole histories of those findings in which something happened within the period: the rest is passed by as it is read. */
async function historyOfMonth(store: ReviewStore, period: Period): Promise<ReadonlyMap<string, readonly HistoryEntry[]>> {
  const kept = new Map<string, readonly HistoryEntry[]>();
  let entries: HistoryEntry[] = [];
  const keep = (): void => {
    const [first] = entries;
    if (first !== undefined && entries.some(({ at }) => within(period, at))) kept.set(first.findingId, entries);
  };
  for await (const entry of store.history()) {
    if (entry.findingId !== entries[0]?.findingId) {
      keep();
      entries = [];
    }
    entries.push(entry);
  }
  keep();
  return kept;
}

const sheetsAtOnce = 1_000;

async function readInventory(store: Partial<ReviewedInventory>, identities: IdentityTally, period: Period): Promise<readonly TrendDay[]> {
  if (store.inventory === undefined || store.trend === undefined) return [];
  let cursor: string | undefined;
  do {
    const page: Page<IdentitySheet> = await store.inventory({ filter: {}, limit: sheetsAtOnce, cursor });
    for (const sheet of page.items) identities.add(sheet);
    cursor = page.cursor;
  } while (cursor !== undefined);
  const points = await store.trend({ from: period.from.slice(0, 10), to: period.until.slice(0, 10) });
  // A day without an audit has no numbers of findings, only what the watch saw.
  return points
    .filter(({ audits }) => audits > 0)
    .map(({ day, open, new: opened, resolved, reopened, accepted }) => ({ day, open, new: opened, resolved, reopened, accepted }));
}

/** What an earlier version kept under another name is not known now. */
function figuresFrom(kept: KeptReview | undefined): ReviewFigures | undefined {
  if (kept === undefined) return undefined;
  const { month, generatedAt, tenantId, values } = kept;
  return {
    month,
    generatedAt,
    tenantId,
    values: Object.fromEntries(figureNames.filter((name) => Object.hasOwn(values, name)).map((name) => [name, values[name] ?? 0])),
  };
}

/** Keeps a review's figures for the next one: the first made after the month, since a later one tells what stands later. */
export async function keepReview(store: ReviewStore, review: Review): Promise<KeptReview> {
  const known = await store.keptReview(review.month);
  if (known !== undefined) return known;
  const kept: KeptReview = {
    month: review.month,
    generatedAt: review.generatedAt,
    tenantId: review.tenant.id,
    values: Object.fromEntries(review.since.lines.map(({ name, now }) => [name, now])),
    sent: {},
  };
  if (review.period.over) await store.saveReview(kept);
  return kept;
}
