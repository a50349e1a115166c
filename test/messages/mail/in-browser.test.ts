import { mkdirSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { renderMail, renderReviewMail, type Mail } from '../../../src/messages/index.ts';
import { describeInBrowser } from '../../browser/describe-in-browser.ts';
import { context, digest, finding, incident, nasties, withoutPage } from '../card/samples.ts';
import { full } from '../review/samples.ts';

const folder = 'out/preview/test-mails';

describeInBrowser('a mail in a browser', (openPage) => {
  beforeAll(() => void mkdirSync(folder, { recursive: true }));

  const mails: readonly (readonly [string, () => Promise<Mail>])[] = [
    ['incident', () => renderMail(incident(), context)],
    ['resolved', () => renderMail(incident({ resolvedAt: context.now, resolvedBy: 'the call is allowed again' }, 'resolved'), context)],
    ['finding', () => renderMail(finding(), context)],
    ['digest', () => renderMail(digest(), context)],
    ['review', () => renderReviewMail(full(), context)],
  ];

  it.each(mails)('shows an %s on a desk and on a phone, without script, in light and dark', async (name, make) => {
    const { html } = await make();
    const looks = [
      { colours: 'light', widthPixels: 760 },
      { colours: 'dark', widthPixels: 390 },
    ] as const;
    for (const look of looks)
      await openPage({ html }, { ...look, sharpness: 2, runsScripts: false }, async (page) => {
        await page.screenshot({ path: `${folder}/${name}-${look.colours}-${look.widthPixels}.png`, fullPage: true });
      });
    // What sticks out is asked of a page that answers.
    await openPage({ html }, { widthPixels: 390 }, async (page) => {
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    });
  });

  it('gives a command back as it is when somebody copies it', async () => {
    const { html } = await renderMail(incident(), context);
    const [command] = incident().incident.causes.flatMap(({ fix }) => fix.map(({ cli }) => cli));
    await openPage({ html }, {}, async (page) => {
      const shown = await page.evaluate<readonly string[]>('[...document.querySelectorAll("td.code")].map((cell) => cell.textContent)');
      expect(shown).toContain(command);
    });
  });

  it('makes no element of any name', async () => {
    const plain = await renderMail(finding({ title: 'x', message: 'x' }, 'opened', 'x'), withoutPage);
    const counts = await openPage({ html: plain.html }, {}, async (page) => {
      const counted: number[] = [];
      for (const text of ['x', ...nasties]) {
        await page.setContent((await renderMail(finding({ title: text, message: text }, 'opened', text), withoutPage)).html);
        counted.push(await page.evaluate<number>('document.querySelectorAll("*").length'));
      }
      return counted;
    });
    expect(counts.length).toBe(nasties.length + 1);
    expect(new Set(counts).size).toBe(1);
  });
});
