export { visibleLine as visible } from '../visible-text.ts';

/** An ARM id in the words of a person: the thing, its resource group, its subscription. */
export function placeOf(id: string, subscriptions: Readonly<Record<string, string>>): string {
  if (id === '' || id === '/') return 'tenant root';
  const managementGroup = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/i.exec(id)?.[1];
  if (managementGroup !== undefined) return `management group ${managementGroup}`;
  const [, subscription, rest = ''] = /^\/subscriptions\/([^/]+)(.*)$/i.exec(id) ?? [];
  if (subscription === undefined) return id;
  const group = /^\/resourcegroups\/([^/]+)/i.exec(rest)?.[1];
  const resource = /\/providers\/.*\/([^/]+)$/i.exec(rest)?.[1];
  const key = subscription.toLowerCase();
  const name = (Object.hasOwn(subscriptions, key) ? subscriptions[key] : undefined) ?? `${subscription.slice(0, 8)}…`;
  return [resource, group, group === undefined && resource === undefined ? `subscription ${name}` : name]
    .filter((part) => part !== undefined)
    .join(', ');
}

/** Cut between characters, never through a surrogate pair. */
export const shortened = (text: string, charsMax: number): string =>
  text.length <= charsMax
    ? text
    : `${text
        .slice(0, charsMax - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;

export const plural = (count: number, one: string, many = `${one}s`): string => `${grouped(count)} ${count === 1 ? one : many}`;

/** 12345 → `12,345` */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** Hours as a person says them. */
export function duration(hours: number): string {
  if (hours < 0) return '';
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  if (hours < 48) return `${Math.round(hours * 10) / 10} h`;
  return `${Math.round((hours / 24) * 10) / 10} days`;
}

/** `2026-10-01 04:50` UTC, without seconds. */
export const minute = (instant: string): string => instant.slice(0, 16).replace('T', ' ');
export const day = (instant: string): string => instant.slice(0, 10);

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** `2026-10` → `October 2026` */
export const monthWords = (month: string): string => `${months[Number(month.slice(5)) - 1] ?? ''} ${month.slice(0, 4)}`.trim();

export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
