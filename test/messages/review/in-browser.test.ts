import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, expect, it } from 'vitest';
import { reviewHtml } from '../../../src/messages/review/index.ts';
import { describeInBrowser } from '../../browser/describe-in-browser.ts';
import { contributor, full, holding, review, sheet } from './samples.ts';

const folder = 'out/preview/test-review';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

describeInBrowser('the review in a browser', (openPage) => {
  let html = '';
  beforeAll(async () => {
    html = await reviewHtml(full());
    mkdirSync(folder, { recursive: true });
  });

  it.each(['light', 'dark'] as const)('is accessible, in the %s', async (colours) => {
    // The page forbids all script, so the checker comes in by the debugger, which no policy binds.
    const violations = await openPage({ html }, { colours, widthPixels: 1100 }, async (page) => {
      await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
      await page.evaluate(axe);
      const result = await page.evaluate<{ violations: readonly Violation[] }>(
        'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] })',
      );
      await page.screenshot({ path: `${folder}/review-${colours}.png`, fullPage: true });
      return result.violations;
    });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual([]);
  });

  it('fits a phone: only tables scroll sideways, in their own frame', async () => {
    await openPage({ html }, { widthPixels: 390 }, async (page) => {
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      await page.screenshot({ path: `${folder}/review-phone.png`, fullPage: true });
    });
  });

  it('prints to A4, with what is folded on a screen and nothing cut off at the side', async () => {
    await openPage({ html }, { medium: 'print' }, async (page) => {
      // 210 mm less the margins of the page.
      await page.setViewportSize({ width: 688, height: 1_000 });
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(688);
      expect(await page.evaluate<string>(`getComputedStyle(document.querySelector('thead')).display`)).toBe('table-header-group');
      const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true, path: `${folder}/review.pdf` });
      expect(pages(pdf)).toBeGreaterThan(2);
      expect(pages(pdf)).toBeLessThan(10);
    });
  });

  it('prints what is folded, but not the five hundred rows of a list', async () => {
    const long = await reviewHtml(
      review({
        sheets: Array.from({ length: 700 }, (_, n) => sheet(`id-${n}`, [{ ...contributor, id: `a${n}` }, holding({ id: `b${n}` })])),
      }),
    );
    await openPage({ html: `${long}${html.slice(html.indexOf('<main>'))}` }, { medium: 'print' }, async (page) => {
      const seen = (selector: string): Promise<readonly boolean[]> =>
        page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((table) => table.checkVisibility())`);
      expect(await seen('details.long table')).toEqual([false, false]);
      expect(await seen('details:not(.long) table')).not.toContain(false);
      expect(pages(await page.pdf({ preferCSSPageSize: true }))).toBeLessThan(20);
    });
  });
});

const pages = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
