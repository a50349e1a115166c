import { afterAll, beforeAll, describe } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { noBrowser, startBrowser, withPage, type PageOptions, type Source } from './browser.ts';

export type OpenPage = <Answer>(source: Source, options: PageOptions, work: (page: Page) => Promise<Answer>) => Promise<Answer>;

/** A `describe` whose tests share one browser. Where there is none it says so and its tests show as skipped. */
export function describeInBrowser(name: string, tests: (openPage: OpenPage) => void): void {
  const why = noBrowser();
  // oxlint-disable-next-line eslint/no-console -- a skipped test must not look like a passed one
  if (why !== '') console.warn(`${name}: skipped, ${why}`);
  const title = why === '' ? name : `${name} (${why})`;
  // oxlint-disable-next-line vitest/valid-title -- a string, in a variable
  describe.skipIf(why !== '')(title, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await startBrowser();
    });
    afterAll(() => browser?.close());
    tests((source, options, work) => withPage(source, { ...options, ...(browser === undefined ? {} : { browser }) }, work));
  });
}
