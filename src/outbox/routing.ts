import { severities, type Severity } from '../rules/index.ts';
import type { Channel, ChannelFilter } from './channel.ts';
import type { Notice } from './notice.ts';

/**
 * Whether a channel is to hear of it. `alerts` get what somebody should see now; `digest` gets everything, once: a channel with both has the alerts
 * alone and the rest together. Who heard that something began hears that it ended or changed, even where the filter would not match any more
 * (a tag is gone, the severity has dropped).
 */
export function wants(channel: Channel, notice: Notice, hasHeard: boolean): boolean {
  if (notice.silent === true) return false;
  const isFollowUp = hasHeard && (notice.event === 'resolved' || notice.event === 'severity-changed');
  if (!isFollowUp && !matches(channel.filter, notice)) return false;
  return channel.purposes.includes('digest') || (channel.purposes.includes('alerts') && isAlertGrade(notice));
}

/** As a message of its own. What was there before anybody looked is no alarm: it comes together, however bad. */
export const isAlone = (channel: Channel, notice: Notice): boolean =>
  notice.old !== true && channel.purposes.includes('alerts') && isAlertGrade(notice);

/** Incidents, and findings that were made just now, or just became bad. */
export function isAlertGrade({ about, event, severity, was }: Pick<Notice, 'about' | 'event' | 'severity' | 'was'>): boolean {
  if (about === 'incident') return true;
  if (!isAtLeast(severity, 'high')) return false;
  switch (event) {
    case 'opened':
    case 'reopened':
    case 'grown':
      return true;
    case 'severity-changed':
      return was === undefined || !isAtLeast(was, severity);
    case 'resolved':
    case 'acceptance-expired':
      return false;
  }
}

export const isAtLeast = (severity: Severity, least: Severity): boolean => rankOf(severity) <= rankOf(least);
export const rankOf = (severity: Severity): number => severities.indexOf(severity);

function matches({ severity, topics, subscriptions, resourceGroups, tags }: ChannelFilter, notice: Notice): boolean {
  if (severity !== undefined && !isAtLeast(notice.severity, severity) && !(notice.was !== undefined && isAtLeast(notice.was, severity)))
    return false;
  if (isGiven(topics) && !topics.includes(notice.topic)) return false;
  if (!isGiven(subscriptions) && !isGiven(resourceGroups)) return !isGiven(tags) || tags.some((tag) => carries(notice.tags, tag));
  const places = notice.scopes.map(placeOf);
  if (isGiven(subscriptions) && !places.some((place) => subscriptions.some((id) => id.toLowerCase() === place.subscription))) return false;
  if (isGiven(resourceGroups) && !places.some((place) => resourceGroups.some((group) => isIn(place, group)))) return false;
  return !isGiven(tags) || tags.some((tag) => carries(notice.tags, tag));
}

const isGiven = (list: readonly string[] | undefined): list is readonly string[] => list !== undefined && list.length > 0;

interface Place {
  readonly subscription: string;
  readonly group: string;
}

function placeOf(id: string): Place {
  const [, subscription = '', group = ''] = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?/i.exec(id) ?? [];
  return { subscription: subscription.toLowerCase(), group: group.toLowerCase() };
}

/** `name`, or `subscription-id/name`. */
function isIn({ subscription, group }: Place, given: string): boolean {
  const wanted = given.toLowerCase();
  return group !== '' && (wanted === group || wanted === `${subscription}/${group}`);
}

/** Azure compares names of tags without case and values with it. */
function carries(tags: Notice['tags'], given: string): boolean {
  const equals = given.indexOf('=');
  const name = (equals < 0 ? given : given.slice(0, equals)).toLowerCase();
  if (!Object.hasOwn(tags, name)) return false;
  return equals < 0 || tags[name] === given.slice(equals + 1);
}
