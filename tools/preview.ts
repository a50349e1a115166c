import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MessageContext } from '../src/messages/index.ts';
import { noBrowser, startBrowser } from '../test/browser/browser.ts';
import { examplesOf } from './preview/examples.ts';
import { gallery, type Shown } from './preview/gallery.ts';
import { lookAtContoso } from './preview/made-tenant.ts';
import { officialRenderer } from './preview/teams-page.ts';
import { writeExample, writeReview } from './preview/write-examples.ts';

/**
 * `npm run preview`: every card, mail and the review, as contoso's people would get them, with pictures of how they look. Cards are shown by Microsoft's own
 * renderer in the colours of Teams. Nothing is sent, and nothing leaves this machine.
 */
const folder = 'out/preview';

const looked = await lookAtContoso((line) => process.stderr.isTTY && process.stderr.write(`\r\u001b[K${line}`));
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
const context: MessageContext = {
  now: looked.now,
  tenantId: looked.audit.run.tenantId,
  subscriptions: looked.audit.subscriptions,
  gaps: [],
  siteUrl: 'https://mi-audit.contoso.example',
  portalUrl: looked.portalUrl,
  reference: 'preview',
  attempt: 1,
};

for (const part of ['cards', 'mails', 'review']) await rm(join(folder, part), { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const without = noBrowser();
if (without !== '') console.error(`No pictures: ${without}`);
const browser = without === '' ? await startBrowser() : undefined;
const shown: Shown[] = [];
try {
  const easel = { folder, browser };
  const renderer = await officialRenderer();
  for (const example of examplesOf(looked.audit, looked.watch, context)) shown.push(...(await writeExample(example, easel, renderer)));
  shown.push(...(await writeReview(looked.review, { ...context, reference: `review.${looked.review.month}` }, easel)));
} finally {
  await browser?.close();
}
const about = `Made from an audit and a watch of contoso, a made-up tenant, at ${looked.now}. Nothing was sent.`;
await writeFile(join(folder, 'index.html'), gallery(shown, about));

for (const { about: title, files } of shown) console.log(`${title}\n${files.map((file) => `  ${join(folder, file)}`).join('\n')}`);
console.log(`\nAll of it on one page: ${join(folder, 'index.html')}`);
