/** What one counting query says of a subscription. */
export interface SubscriptionCount {
  /** GUID or key, as the query gives it. */
  readonly subscription: string;
  readonly assignments: number;
  readonly resources: number;
}

/** Subscriptions that one message collects together. */
export interface Shard {
  readonly subscriptions: readonly string[];
  readonly assignments: number;
  readonly resources: number;
}

/**
 * Sets of subscriptions of about `rowsMax` rows, each subscription in exactly one. One that holds more than that by itself is a shard by itself:
 * Azure allows 4,000 role assignments in one, so what makes it so large are resources, of which few properties are kept. The same counts give the same shards.
 */
export function planShards(counts: readonly SubscriptionCount[], rowsMax: number): readonly Shard[] {
  const largestFirst = counts.toSorted((a, b) => rowsOf(b) - rowsOf(a) || compare(a.subscription, b.subscription));
  const total = largestFirst.reduce((sum, count) => sum + rowsOf(count), 0);
  const wanted = Math.min(Math.max(1, Math.ceil(total / rowsMax)), counts.length);
  const open = Array.from({ length: wanted }, (): Draft => ({ members: [], rows: 0 }));
  for (const count of largestFirst) {
    const least = open.reduce((best, each) => (each.rows < best.rows ? each : best));
    least.members.push(count);
    least.rows += rowsOf(count);
  }
  return open.map(({ members }) => shardOf(members));
}

interface Draft {
  readonly members: SubscriptionCount[];
  rows: number;
}

const rowsOf = ({ assignments, resources }: SubscriptionCount): number => assignments + resources;

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const shardOf = (members: readonly SubscriptionCount[]): Shard => ({
  subscriptions: members.map(({ subscription }) => subscription).toSorted(),
  assignments: members.reduce((sum, { assignments }) => sum + assignments, 0),
  resources: members.reduce((sum, { resources }) => sum + resources, 0),
});

/**
 * So many assignments make a part. Measured with 1,000,000 assignments and 100,000 identities (`npm run bench -- --only shards`): 20 parts take 446 to
 * 469 MB each, 10 take 510. Most of it is what every part looks things up in.
 */
const assignmentsPerPart = 50_000;

/** Into how many parts the judging of so many rows is cut. Never none. */
export function partsFor(counts: readonly Pick<SubscriptionCount, 'assignments'>[]): number {
  const assignments = counts.reduce((sum, count) => sum + count.assignments, 0);
  return Math.max(1, Math.ceil(assignments / assignmentsPerPart));
}
