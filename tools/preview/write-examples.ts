import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { renderCard, renderMail, renderReviewMail, type Mail, type MessageContext } from '../../src/messages/index.ts';
import { csvOf, reviewHtml, reviewMarkdown, sheetIds, sheetOf, type Review } from '../../src/messages/review/index.ts';
import { withPage, type PageOptions } from '../../test/browser/browser.ts';
import type { Example } from './examples.ts';
import type { Shown } from './gallery.ts';
import { teamsPage } from './teams-page.ts';

/** Where the files go, and the browser that takes the pictures; without one there are only the files. */
export interface Easel {
  readonly folder: string;
  readonly browser: Browser | undefined;
}

/** A message as a card and as a mail. */
export async function writeExample({ name, about, message, context }: Example, easel: Easel, renderer: string): Promise<readonly Shown[]> {
  const payload = renderCard(message, context);
  const card = [await write(easel, `cards/${name}.json`, JSON.stringify(JSON.parse(payload), undefined, 2))];
  for (const { look, colours, widthPixels } of cardLooks) {
    const html = teamsPage(payload, colours, renderer);
    card.push(...(await picture(easel, `cards/${name}-${look}.png`, html, { colours, widthPixels })));
  }
  return [
    { name: `card-${name}`, about: `Card: ${about}`, files: card },
    { name: `mail-${name}`, about: `Mail: ${about}`, files: await writeMail(easel, name, await renderMail(message, context)) },
  ];
}

/** The review as a page, as Markdown, as a sheet per section, and as the mail that carries it. */
export async function writeReview(review: Review, context: MessageContext, easel: Easel): Promise<readonly Shown[]> {
  const html = await reviewHtml(review);
  const files = [
    await write(easel, 'review/review.html', html),
    await write(easel, 'review/review.md', reviewMarkdown(review)),
    await write(easel, 'review/review.json', JSON.stringify(review, undefined, 2)),
  ];
  for (const id of sheetIds) files.push(await write(easel, `review/${id}.csv`, [...csvOf(sheetOf(review, id))].join('')));
  for (const colours of ['light', 'dark'] as const)
    files.push(...(await picture(easel, `review/review-${colours}.png`, html, { colours, widthPixels: 1100 })));
  files.push(...(await picture(easel, 'review/review-print.png', html, { widthPixels: 794, medium: 'print' })));
  return [
    { name: 'review', about: 'The monthly review', files },
    {
      name: 'mail-review',
      about: 'The mail that carries the review',
      files: await writeMail(easel, 'review', await renderReviewMail(review, context)),
    },
  ];
}

const cardLooks = [
  { look: 'light', colours: 'light', widthPixels: 680 },
  { look: 'dark', colours: 'dark', widthPixels: 680 },
  { look: 'phone', colours: 'light', widthPixels: 390 },
] as const;

async function writeMail(easel: Easel, name: string, mail: Mail): Promise<readonly string[]> {
  const html = mail.attachments.reduce(
    (page, { contentId, contentType, content }) =>
      contentId === undefined
        ? page
        : page.replaceAll(`cid:${contentId}`, `data:${contentType};base64,${Buffer.from(content).toString('base64')}`),
    mail.html,
  );
  const headers = [`Subject: ${mail.subject}`, ...Object.entries(mail.headers).map(([header, value]) => `${header}: ${value}`)];
  return [
    await write(easel, `mails/${name}.html`, html),
    await write(easel, `mails/${name}.txt`, `${headers.join('\n')}\n\n${mail.text}`),
    ...(await picture(easel, `mails/${name}-light.png`, html, { colours: 'light', widthPixels: 700, runsScripts: false })),
    ...(await picture(easel, `mails/${name}-dark.png`, html, { colours: 'dark', widthPixels: 700, runsScripts: false })),
  ];
}

async function write({ folder }: Easel, file: string, content: string): Promise<string> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), content);
  return file;
}

async function picture({ folder, browser }: Easel, file: string, html: string, options: PageOptions): Promise<readonly string[]> {
  if (browser === undefined) return [];
  await withPage({ html }, { ...options, browser, heightPixels: 500, sharpness: 1.5 }, (page) =>
    page.screenshot({ path: join(folder, file), fullPage: true }),
  );
  return [file];
}
