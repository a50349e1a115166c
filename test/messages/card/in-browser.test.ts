import { mkdirSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { officialRenderer, teamsPage } from '../../../tools/preview/teams-page.ts';
import { describeInBrowser } from '../../browser/describe-in-browser.ts';
import { renderCard, type Message, type MessageContext } from '../../../src/messages/index.ts';
import { context, digest, finding, grant, incident, nasties, withoutPage } from './samples.ts';

const folder = 'out/preview/test-cards';

describeInBrowser('a card in the official renderer', (openPage) => {
  let renderer = '';
  beforeAll(async () => {
    renderer = await officialRenderer();
    mkdirSync(folder, { recursive: true });
  });

  const shown = (message: Message, around: MessageContext): { readonly html: string } => ({
    html: teamsPage(renderCard(message, around), 'light', renderer),
  });

  const shows = [
    ['incident', incident()],
    ['resolved', incident({ resolvedAt: context.now, resolvedBy: 'the call is allowed again' }, 'resolved')],
    ['finding', finding()],
    ['digest', digest()],
  ] as const;
  const looks = (['light', 'dark'] as const).flatMap((colours) => [640, 360].map((widthPixels) => ({ colours, widthPixels })));

  it.each(shows)('shows an %s in light and dark, on a desk and on a phone', async (name, message) => {
    const payload = renderCard(message, context);
    for (const { colours, widthPixels } of looks)
      await openPage({ html: teamsPage(payload, colours, renderer) }, { colours, widthPixels, sharpness: 2 }, async (page) => {
        expect(await page.title()).toBe('shown');
        expect(await page.evaluate('window.trouble')).toEqual([]);
        // Nothing sticks out at the side.
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(widthPixels);
        await page.screenshot({ path: `${folder}/${name}-${colours}-${widthPixels}.png`, fullPage: true });
      });
  });

  it('gives the command as it is to whoever selects it', async () => {
    const awkward = `${grant} --description '*a* _b_ [c](https://d.example) \`e\` <f> #1 "g" \\h $i'`;
    const [cause] = incident().incident.causes;
    const message = incident({ causes: [{ ...cause!, fix: [{ text: 'Do it.', cli: awkward }] }] });
    await openPage(shown(message, context), {}, async (page) => {
      expect(await monospace(page)).toContain(awkward);
    });
  });

  it('unfolds what was ruled out', async () => {
    await openPage(shown(incident(), context), {}, async (page) => {
      const folded = page.getByText('the refusal names roles');
      expect(await folded.isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Ruled out (1)' }).click();
      expect(await folded.isVisible()).toBe(true);
    });
  });

  it.each(nasties)('makes no link, picture, script or mention of %j', async (text) => {
    const principal = { id: text, kind: text, name: text, resourceId: text, clientId: text };
    const ruledOut = [{ id: text, why: text }];
    const message = incident({ principal, targets: [text], operations: [text], ruledOut });
    await openPage(shown(message, { ...withoutPage, reference: text, attempt: 2 }), {}, async (page) => {
      expect(await page.evaluate('window.trouble')).toEqual([]);
      expect(await made(page)).toEqual([]);
    });
  });

  it('makes nothing of them in a finding or a digest either', async () => {
    const text = nasties.slice(0, 7).join(' ');
    const evidence = nasties.map((value) => ({ label: value, value, source: 'logs' as const }));
    const entries = nasties.map((title) => ({ ...digest().entries[0]!, title, topic: title, scope: title }));
    for (const message of [
      finding({ title: text, message: text, scope: text, evidence, fix: [{ text, cli: text }] }, 'opened', text),
      digest({ entries }),
    ])
      await openPage(shown(message, withoutPage), {}, async (page) => {
        expect(await page.evaluate('window.trouble')).toEqual([]);
        expect(await made(page)).toEqual([]);
      });
  });

  it('would notice a link, a picture and emphasis', async () => {
    const block = { type: 'TextBlock', text: '[a](https://b.example) www.c.example ![d](data:,) **e** _f_' };
    const content = { type: 'AdaptiveCard', version: '1.5', body: [block] };
    await openPage({ html: teamsPage(JSON.stringify({ attachments: [{ content }] }), 'light', renderer) }, {}, async (page) => {
      expect(await made(page)).toEqual(['A', 'A', 'IMG', 'B', 'I']);
    });
  });
});

/** Elements that only markup makes. */
const made = (page: Page): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll('#card :is(a, img, script, at, iframe, b, i, em, strong, code, li, h1, blockquote, svg)')].map(({ tagName }) => tagName)`,
  );

const monospace = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('#card .ac-textRun')].filter((run) => /mono/i.test(getComputedStyle(run).fontFamily)).map((run) => {
    const all = document.createRange(); all.selectNodeContents(run);
    const selection = getSelection(); selection.removeAllRanges(); selection.addRange(all);
    return selection.toString();
  })`);
