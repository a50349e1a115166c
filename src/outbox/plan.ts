import type { Channel } from './channel.ts';
import type { Notice } from './notice.ts';
import { planChannel } from './plan-channel.ts';
import type { StoredDelivery } from './stored-delivery.ts';

export interface PlanRequest {
  readonly notices: readonly Notice[];
  readonly channels: readonly Channel[];
  /** All that is stored, also of earlier days. */
  readonly deliveries: readonly StoredDelivery[];
  readonly now: string;
}

/**
 * What to write, in this order: deliveries, then removals, then the notices that are done with. A crash in between leaves a notice that a
 * delivery tells already, or a line in two deliveries that wait; the next plan sees both and puts them right.
 */
export interface Plan {
  readonly puts: readonly StoredDelivery[];
  readonly removed: readonly Pick<StoredDelivery, 'channel' | 'id'>[];
  readonly done: readonly Notice[];
  /** Changes that no channel wants: filters leave them out. */
  readonly unrouted: number;
}

/** Decides who is told what, and when. Pure: the same stored state gives the same plan. */
export function plan({ notices, channels, deliveries, now }: PlanRequest): Plan {
  const ofChannel = Map.groupBy(deliveries, ({ channel }) => channel);
  const planned = channels.map((channel) => planChannel({ channel, notices, stored: ofChannel.get(channel.name) ?? [], now }));
  const wanted = new Set(planned.flatMap((one) => [...one.wanted]));
  return {
    puts: planned.flatMap(({ puts }) => puts),
    removed: planned.flatMap(({ removed }) => removed),
    done: notices,
    unrouted: notices.filter((notice) => notice.silent !== true && !wanted.has(notice)).length,
  };
}
