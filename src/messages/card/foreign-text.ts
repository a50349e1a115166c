import { utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Text that others wrote, such as names of resources, fit to be shown: one line without controls, without what reorders or hides text (CVE-2021-42574), without
 * heaps of combining marks that reach into other lines, and without what a card's host would act on. Cut at the border of a grapheme, with an ellipsis.
 */
export function shown(text: string, bytesMax: number): string {
  const start = text.slice(0, bytesMax * 8);
  const clean = inert(oneLine(start));
  if (start.length === text.length && bytesInJson(clean) <= bytesMax) return clean;
  return `${cut(clean, bytesMax - bytesInJson(ellipsis))}${ellipsis}`;
}

/** Bytes that a string takes inside of a JSON document. */
export const bytesInJson = (text: string): number => utf8ToBytes(JSON.stringify(text)).length - 2;

/**
 * A command as it can be copied, or undefined where no card can carry it unchanged: what is printed is either the command or a word on where to find it,
 * never a part or a likeness of it.
 */
export function copyable(command: string, bytesMax: number): string | undefined {
  if (command === '' || command.length > bytesMax || bytesInJson(command) > bytesMax) return undefined;
  // Hosts show runs of white space as one space.
  const survives = command === shown(command, bytesMax);
  return survives ? command : undefined;
}

const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Zl}\p{Zp}\p{Cc}\p{Zs}]+/gu, ' ')
    // Format controls (bidi, zero width, tags), private use, and what shows as nothing (fillers, variation selectors).
    .replace(/[\p{Cf}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]/gu, '')
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();

/**
 * `{{DATE(…)}}` and `{{TIME(…)}}` are functions in every text of a card (https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features), `${…}` is the
 * templating language, and Power Automate, which posts our cards, makes a mention of `<at>…</at>` wherever it stands. A space takes the meaning away.
 */
const inert = (text: string): string =>
  text
    .replace(/\{(?=\{)/g, '{ ')
    .replace(/\$(?=\{)/g, '$ ')
    .replace(/<(?=\/?\s*at\b)/gi, '< ');

function cut(text: string, bytesMax: number): string {
  let bytes = 0;
  let end = 0;
  for (const { segment, index } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    bytes += plainAscii.test(segment) ? 1 : bytesInJson(segment);
    if (bytes > bytesMax) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd();
}

const plainAscii = /^[ !#-[\]-~]$/;
const ellipsis = '…';

/** For `fallbackText`, which a host may read as markdown: nothing in it becomes a link, a picture or emphasis. */
export const withoutMarkup = (text: string): string =>
  text
    .replace(/[\\`*_[\]~|#!>]/g, '\\$&')
    .replace(/</g, '‹')
    .replace(/:(?=\/\/)/g, ': ')
    .replace(/www(?=\.)/gi, '$& ');
