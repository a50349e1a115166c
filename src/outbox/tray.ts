import { emptyItem, type Item } from './item.ts';
import { isWaiting, type StoredDelivery } from './stored-delivery.ts';

/** What waits to be sent on one channel, while a plan is made. */
export interface Tray {
  items(): readonly Item[];
  holderOf(subjectId: string): Item | undefined;
  /** An empty message under that name, or under a free one like it. */
  add(name: string, because: Item['because'], dueAt: string): Item;
  /** The message that gathers: the one of its kind that waits already, or a new one. */
  gathering(because: Exclude<Item['because'], 'alert'>, name: string, dueAt: string): Item;
}

/**
 * What waits in the store, without what a crash left in it twice and what has been told since.
 * @param told latest revision told of each subject
 */
export function openTray(stored: readonly StoredDelivery[], told: ReadonlyMap<string, number>): Tray {
  const taken = new Set(stored.map(({ id }) => id));
  const items: Item[] = [];
  const latest = new Map<string, { readonly item: Item; readonly revision: number }>();
  for (const delivery of stored.filter(isWaiting)) {
    const item: Item = { ...delivery, lines: new Map(), stored: delivery };
    items.push(item);
    for (const line of delivery.lines) {
      const { subjectId, revision } = line;
      const other = latest.get(subjectId);
      if (revision <= (told.get(subjectId) ?? 0) || (other !== undefined && other.revision >= revision)) continue;
      other?.item.lines.delete(subjectId);
      item.lines.set(subjectId, line);
      latest.set(subjectId, { item, revision });
    }
  }
  const gathered = new Map<string, Item>();
  const tray: Tray = {
    items: () => items,
    holderOf: (subjectId) => latest.get(subjectId)?.item,
    add(name, because, dueAt) {
      const item = emptyItem(freeId(name, taken), because, dueAt);
      taken.add(item.id);
      items.push(item);
      return item;
    },
    gathering(because, name, dueAt) {
      const base = `${because}.${name.replace(/[^\dA-Za-z-]/g, '')}`;
      const known = gathered.get(base);
      if (known !== undefined) return known;
      const waits = items.find((item) => item.because === because && (because !== 'quiet-hours' || item.id.startsWith(base)));
      const item = waits ?? tray.add(base, because, dueAt);
      gathered.set(base, item);
      return item;
    },
  };
  return tray;
}

function freeId(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  let sequence = 2;
  while (taken.has(`${base}.${sequence}`)) sequence++;
  return `${base}.${sequence}`;
}
