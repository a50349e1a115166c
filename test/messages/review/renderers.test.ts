import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf, reviewHtml, reviewJson, reviewMarkdown, sheetIds, sheetOf } from '../../../src/messages/review/index.ts';
import { nasties } from '../card/samples.ts';
import { contributor, full, holding, review, sheet } from './samples.ts';

const sections = [
  'Coverage',
  'Open findings by severity',
  'New, resolved, reopened, accepted',
  'Time to resolve',
  'Grants to narrow first',
  'Every role of every managed identity',
  'Orphaned grants',
  'Re-created identities',
  'Incidents of the month',
  'Accepted risks that end within 60 days',
  'Changes since the last review',
  'Control mapping',
];

describe('the review', () => {
  it('says the same in HTML and Markdown, coverage first', async () => {
    const made = full();
    expect([...(await reviewHtml(made)).matchAll(/<h2[^>]*>([^<]+)</g)].map(([, title]) => title)).toEqual(sections);
    expect([...reviewMarkdown(made).matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(sections);
    for (const text of [await reviewHtml(made), reviewMarkdown(made)]) {
      expect(text).toContain('29 days without a finished audit');
      expect(text).toContain('What was not seen is not reported as clean.');
      expect(text).toContain('Not all was judged');
    }
  });

  it('calls nothing clean that was not looked at', async () => {
    const nothing = review({ runs: [] });
    for (const text of [await reviewHtml(nothing), reviewMarkdown(nothing)]) {
      expect(text).toContain('No audit finished in this period of 31 days');
      expect(text).toContain('no audit has stored an inventory');
      expect(text).toContain('none of its days a watch finished');
      expect(text).not.toContain('All 1 rules could be checked');
    }
  });

  it('is one HTML file that fetches nothing and runs nothing', async () => {
    const html = await reviewHtml(full());
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\son[a-z]+=|@import|url\(/i);
    expect([...html.matchAll(/href="([^"]*)"/g)].every(([, href = '']) => href.startsWith('#'))).toBe(true);
    expect(html).toContain('Content-Security-Policy');
    expect(html).toContain('<svg class="chart" aria-hidden="true"');
    expect(html).not.toMatch(/ecmeta|zr0-cls/);
  });

  it('shows 500 rows of a list and says where the rest is', async () => {
    const many = review({
      sheets: Array.from({ length: 700 }, (_, n) => sheet(`id-${n}`, [{ ...contributor, id: `a${n}` }, holding({ id: `b${n}` })])),
    });
    const html = await reviewHtml(many);
    expect(html).toContain('200 more in identities.csv; 500 are shown here.');
    expect(reviewMarkdown(many)).toContain('200 more in identities.csv');
    expect([...csvOf(sheetOf(many, 'identities'))].join('').split('\r\n')).toHaveLength(1 + 1_400 + 1);
  });

  it('prints the same JSON in pieces', () => {
    const made = full();
    expect(JSON.parse([...reviewJson(made)].join(''))).toEqual(JSON.parse(JSON.stringify(made)));
    expect(JSON.parse([...reviewJson(review())].join(''))).toMatchObject({ schema: 'mi-audit/review/v1', identities: { sheets: [] } });
  });

  it.each(nasties)('shows %j as text and nothing else', async (name) => {
    const made = full(name);
    const html = await reviewHtml(made);
    expect(html).not.toMatch(/<(script|img|at|b)\b|<[^>]*\sonerror/i);
    expect([...html.matchAll(/href="([^"]*)"/g)].every(([, href = '']) => href.startsWith('#'))).toBe(true);
    expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u001b]/);
    const markdown = reviewMarkdown(made);
    expect(markdown.replace(/```[\s\S]*?```|`[^`\n]*`/g, '')).not.toMatch(
      /(?<!\\)\]\(|<[a-z]|(?<!\\)[*_]{2}(?!\w[^*\n]*\*\*$)[a-z]{4}\*\*\s|https?:\/\/|www\.[a-z]/m,
    );
  });
});

describe('a CSV', () => {
  it('holds each section, all rows as wide as the heading', () => {
    for (const id of sheetIds) {
      const { columns, rows } = sheetOf(full(), id);
      for (const row of rows()) expect({ id, cells: row.length }).toEqual({ id, cells: columns.length });
      expect([...csvOf(sheetOf(full(), id))].join('')).toMatch(/^\uFEFF/);
    }
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '\u200b=1'])('lets %j be no formula', (name) => {
    const cells = readCsv([...csvOf(sheetOf(review({ sheets: [sheet(name, [])] }), 'identities'))].join(''))[1] ?? [];
    expect(cells[0]).not.toMatch(/^\s*[=+\-@＝]/);
    expect(cells[0]).toMatch(/1/);
  });

  it('is read back as it was written, whatever the names are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom('', ',', '"', '\n', ';'), (name, extra) => {
        const rows = readCsv(
          [...csvOf(sheetOf(review({ sheets: [sheet(`${name}${extra}x`, [holding()]), sheet('plain', [])] }), 'identities'))].join(''),
        );
        expect(rows.map((row) => row.length)).toEqual([21, 21, 21]);
        for (const row of rows) for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});

/** A reader of RFC 4180, to the letter. */
function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, bare = '', end] of text.replace(/^\uFEFF/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
