import { gunzipSync, gzipSync } from 'node:zlib';

/** Raw characters of a page: some 2,500 assignments, which gzip packs to a tenth. */
const rawCharsMax = 1_000_000;
/** In UTF-16 this is four fifths of what a row of Azure holds (1 MiB). https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model */
const packedCharsMax = 420_000;

/** Items as pages of text that fit a row. One item that does not even fit alone is an error that says so. */
export function pageMaker(): { add(item: unknown): readonly string[]; rest(): readonly string[] } {
  let lines: string[] = [];
  let chars = 0;
  const flush = (): readonly string[] => {
    const full = lines;
    lines = [];
    chars = 0;
    return full.length === 0 ? [] : packed(full);
  };
  return {
    add(item) {
      const line = JSON.stringify(item);
      lines.push(line);
      chars += line.length;
      return chars >= rawCharsMax ? flush() : [];
    },
    rest: flush,
  };
}

function packed(lines: readonly string[]): readonly string[] {
  const text = gzipSync(Buffer.from(lines.join('\n'), 'utf8'), { level: 6 }).toString('base64');
  if (text.length <= packedCharsMax) return [text];
  if (lines.length === 1)
    throw new Error(`One item of a checkpoint takes ${text.length} characters packed; a row holds ${packedCharsMax}.`);
  const half = Math.ceil(lines.length / 2);
  return [...packed(lines.slice(0, half)), ...packed(lines.slice(half))];
}

/** A page's bound once unpacked: nobody fills the memory with a small page that somebody put into the store. */
const unpackedBytesMax = 64 * 1_024 * 1_024;

export function* itemsOfPage(text: string): Iterable<unknown> {
  const raw = gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: unpackedBytesMax }).toString('utf8');
  for (let from = 0; from < raw.length;) {
    const end = raw.indexOf('\n', from);
    yield JSON.parse(raw.slice(from, end < 0 ? raw.length : end));
    from = end < 0 ? raw.length : end + 1;
  }
}
