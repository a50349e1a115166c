import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { visible, visibleLine } from '../../src/messages/visible-text.ts';
import { readable } from '../../src/tab/api/readable.ts';

test('characters that hide, move or reorder are shown, whatever stands around them', () => {
  expect(visible('a\u202eb\u001b[2Jc\u200bd\ud800e\tf\ng')).toBe(String.raw`a\u{202e}b\u{1b}[2Jc\u{200b}d\u{d800}e` + '\tf\ng');
  expect(visibleLine('a\r\n\tb\u2028c')).toBe('a b c');
  expect(visible('Größe 日本 🙂')).toBe('Größe 日本 🙂');
});

test('nothing hidden is left, and the page shows a name as the command line does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visible(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
      expect(visibleLine(text)).not.toMatch(/[\n\r\t]/);
      expect(readable('name', text)).toBe(visible(text));
    }),
  );
});
