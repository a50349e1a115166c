import type { MessageContext } from '../message.ts';
import type { OpenUrl } from './elements.ts';

/** Longer ones are left out: a card has little room, and no portal address is that long. */
const urlBytesMax = 1_500;

/** The page of a finding or an incident; none where no address of a page is set. */
export const pageLink = (title: string, place: 'findings' | 'incidents', id: string, { siteUrl }: MessageContext): readonly OpenUrl[] =>
  link(title, siteUrl, `/#/${place}/${encoded(id)}`);

/** What a cause or a rule means and what to do about it. */
export const runbookLink = (about: 'causes' | 'rules', id: string, { siteUrl }: MessageContext): readonly OpenUrl[] =>
  link('Runbook', siteUrl, `/#/${about}/${encoded(id)}`);

/** A list on the page. */
export const listLink = (title: string, place: 'findings' | 'incidents', { siteUrl }: MessageContext): readonly OpenUrl[] =>
  link(title, siteUrl, `/#/${place}`);

/** A resource in the Azure portal; none for what is not an ARM id of one. */
export function portalLink(armId: string, { portalUrl, tenantId }: MessageContext): readonly OpenUrl[] {
  if (armId.length > urlBytesMax) return [];
  const segments = armId.replace(/^\/|\/$/g, '').split('/');
  if (!/^\/subscriptions\/[^/]/i.test(armId) || segments.some((segment) => /^\.{0,2}$/.test(segment))) return [];
  return link('Azure portal', portalUrl, `/#@${encoded(tenantId)}/resource/${segments.map(encoded).join('/')}`);
}

function link(title: string, origin: string | undefined, path: string): readonly OpenUrl[] {
  if (origin === undefined || !/^https?:\/\/[^\s"<>]+$/i.test(origin)) return [];
  const url = `${origin.replace(/\/+$/, '')}${path}`;
  return url.length > urlBytesMax ? [] : [{ type: 'Action.OpenUrl', title, url }];
}

const encoded = (text: string): string => encodeURIComponent(text.slice(0, urlBytesMax + 1).toWellFormed());
