import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCheck } from './official-check.ts';
import { readCard } from './reading.ts';
import { anyContext, anyMessage, context, digest, finding, incident, nasties } from './samples.ts';

describe('a card about anything', () => {
  let check: (payload: string) => readonly string[];
  beforeAll(async () => {
    check = await openCheck();
  });

  it('is refused by the check when it is no Adaptive Card 1.5', () => {
    const { payload } = readCard(incident(), context);
    expect(check(payload)).toEqual([]);
    for (const [from, to] of [
      ['"size":"Medium"', '"size":"Huge"'],
      ['"bleed":true', '"bled":true'],
      ['"type":"TextRun"', '"type":"Icon"'],
      ['"version":"1.5"', '"version":"1.2"'],
      ['"targetElements"', '"targets"'],
      ['"contentUrl":null', '"contentUrl":"x"'],
    ] as const) {
      expect(payload).toContain(from);
      expect({ to, complaints: check(payload.replace(from, to)).length }).not.toEqual({ to, complaints: 0 });
    }
  });

  it('is a valid Adaptive Card 1.5 under 25 KB, and no foreign text is where markdown is read', () => {
    fc.assert(
      fc.property(anyMessage, anyContext, (message, around) => {
        const card = readCard(message, around);
        expect(Buffer.byteLength(card.payload)).toBeLessThan(25_000);
        expect(check(card.payload)).toEqual([]);
        // Markdown is read in TextBlock alone here: our own headings.
        for (const { text } of card.parts.filter(({ type }) => type === 'TextBlock')) expect(text).toMatch(/^[A-Z][a-z ]+( \(\d+\))?$/);
        expect(card.parts.some(({ type }) => type === 'FactSet' || type === 'Image')).toBe(false);
        for (const { text = '' } of card.parts) expect(text).not.toMatch(acted);
        for (const { url } of card.parts.filter(({ type }) => type === 'Action.OpenUrl')) expect(url).toMatch(ours);
        // What may be clicked has a word of ours on it.
        for (const { text } of card.parts.filter((part) => 'selectAction' in part)) expect(['Open', 'All findings']).toContain(text);
        for (const { title = '' } of card.parts.filter(({ type = '' }) => type.startsWith('Action.')))
          expect(title).toMatch(/^[A-Z][a-z ]+( \(\d+\))?$/);
        expect(card.fallbackText).not.toMatch(/(?<!\\)[*_[\]`~|#>]|:\/\/|<|\{\{|www\.[a-z]/);
      }),
      { numRuns: 400 },
    );
  });

  it.each(nasties)('shows %j as text and nothing else, wherever it stands', (text) => {
    const cards = [
      incident({ principal: { id: text, kind: text, name: text, resourceId: text, clientId: text }, targets: [text], operations: [text] }),
      finding({ title: text, message: text, scope: text }, 'acceptance-expired', text),
      digest({ entries: [{ about: 'finding', id: text, event: 'opened', severity: 'low', topic: text, title: text, scope: text }] }),
    ].map((message) => readCard(message, context));
    for (const card of cards) {
      expect(check(card.payload)).toEqual([]);
      for (const text of card.lines) expect(text).not.toMatch(acted);
    }
  });

  /** What a host would act on or hide: functions, templates, mentions, controls, bidi and zero width, lone surrogates, heaps of marks. */
  const acted = /\{\{|\$\{|<\/?at\b|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\p{M}{4}/iu;
  const ours = /^https:\/\/(mi-audit\.example\/(#|api)\/[\w%.~/!'()*-]+|portal\.azure\.com\/#@[\w%.~!'()*-]*\/resource\/[\w%.~/!'()*-]+)$/;
});
