import type { MessageContext } from '../message.ts';
import { shown } from './foreign-text.ts';
import { shortInstant } from './instants.ts';

/** The last part of an ARM id or an address; the text itself where it has none. */
export function lastPart(id: string): string {
  const trimmed = id.slice(0, 4_000).replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1) || trimmed || id;
}

/** A name in a headline: short, and never nothing. */
export const named = (text: string, bytesMax: number): string =>
  shown(text, Math.min(bytesMax, 120)) || '(a name without readable characters)';

/** An ARM id in the words of a person: the thing, its resource group, its subscription. */
export function place(id: string, { subscriptions }: MessageContext): string {
  if (id === '' || id === '/') return 'the whole tenant';
  const group = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)/i.exec(id);
  if (group !== null) return `management group ${group[1]}`;
  const [, subscription, rest = ''] = /^\/subscriptions\/([^/]+)(.*)$/i.exec(id) ?? [];
  if (subscription === undefined) return id;
  const resourceGroup = /^\/resourcegroups\/([^/]+)/i.exec(rest)?.[1];
  const resource = /\/providers\/.*\/([^/]+)$/i.exec(rest)?.[1];
  const known = subscriptions[subscription.toLowerCase()] ?? `${subscription.slice(0, 8)}…`;
  const last = resourceGroup === undefined && resource === undefined ? `subscription ${known}` : known;
  return [resource, resourceGroup === undefined ? undefined : `resource group ${resourceGroup}`, last]
    .filter((part) => part !== undefined)
    .join(', ');
}

/**
 * A sentence as it reads aloud at night: ARM ids by their last part, subscriptions by their name, instants to the minute, long ids by their beginning. The facts, the evidence and the
 * commands have them in full.
 */
export const sentence = (text: string, { now, subscriptions }: MessageContext, bytesMax: number): string =>
  shown(
    text
      .slice(0, bytesMax * 8)
      .replace(/\/(?:subscriptions|providers)\/[^\s'",;()]*[^\s'",;().:]/gi, lastPart)
      .replace(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z/g, (at) => shortInstant(at, now))
      .replace(/\(([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\)/gi, '($1…)')
      .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, (id) => subscriptions[id.toLowerCase()] ?? id),
    bytesMax,
  );

/** `wrong-identity` as words. Ids of rules and causes are ours, but come from storage. */
export const words = (id: string): string => shown(id.replaceAll('-', ' ').replace(/\brbac\b/, 'RBAC'), 80) || 'unexplained';
