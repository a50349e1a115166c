import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

/** A document, or an address on this machine. */
export type Source = { readonly html: string } | { readonly url: string };

export interface PageOptions {
  /** What `prefers-color-scheme` says. Light where absent. */
  readonly colours?: 'light' | 'dark';
  readonly widthPixels?: number;
  readonly heightPixels?: number;
  /** Device pixels per CSS pixel: 2 makes pictures that read well. */
  readonly sharpness?: number;
  /** False for mails, where no script runs. */
  readonly runsScripts?: boolean;
  /** `print` as on paper. */
  readonly medium?: 'screen' | 'print';
  /** Accepts the self-signed certificate of a server on this machine. */
  readonly trustsAnyCertificate?: boolean;
  /** Addresses outside this machine that the page may ask for. They are refused all the same, but do not fail the test. */
  readonly mayAskFor?: RegExp;
  /** A browser from `startBrowser`, for many pages; without it this page has one of its own. */
  readonly browser?: Browser;
}

/**
 * Opens a page in a real browser and hands it to `work`. Nothing leaves this machine: a request to elsewhere is refused and, like an exception inside the
 * page, fails the caller, because neither a card nor a mail nor our page has any business outside.
 */
export async function withPage<Answer>(source: Source, options: PageOptions, work: (page: Page) => Promise<Answer>): Promise<Answer> {
  const browser = options.browser ?? (await startBrowser());
  const context = await browser.newContext({
    viewport: { width: options.widthPixels ?? 1000, height: options.heightPixels ?? 800 },
    deviceScaleFactor: options.sharpness ?? 1,
    colorScheme: options.colours ?? 'light',
    javaScriptEnabled: options.runsScripts ?? true,
    ignoreHTTPSErrors: options.trustsAnyCertificate ?? false,
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  try {
    const trouble: string[] = [];
    await context.route(leavesTheMachine, async (route) => {
      const address = route.request().url();
      if (options.mayAskFor?.test(address) !== true) trouble.push(`the page asked for ${address}`);
      await route.abort();
    });
    context.on('weberror', (error) => trouble.push(`an exception in the page: ${error.error().message}`));
    const page = await context.newPage();
    await page.emulateMedia({ media: options.medium ?? 'screen' });
    if ('html' in source) await page.setContent(source.html, { waitUntil: 'load' });
    else await page.goto(source.url, { waitUntil: 'load' });
    const answer = await work(page);
    if (trouble.length > 0) throw new Error(trouble.join('; '));
    return answer;
  } finally {
    await context.close();
    if (options.browser === undefined) await browser.close();
  }
}

/** A browser with an empty profile that calls nobody at home. Whoever starts it closes it. */
export function startBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error(noBrowser());
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      // Chromium's own sandbox does not work for root, as in containers; every page here is made by a test.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Pictures must not depend on the hinting of the machine.
      '--font-render-hinting=none',
    ],
  });
}

/** Why no browser can be started here; empty when one can. */
export const noBrowser = (): string =>
  browserPath() === undefined ? `no Chromium at ${usualPaths.join(', ')}: install one, or name it in CHROMIUM_PATH` : '';

const browserPath = (): string | undefined =>
  [process.env['CHROMIUM_PATH'] ?? '', ...usualPaths].find((path) => path !== '' && existsSync(path));

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
];

const leavesTheMachine = (address: URL): boolean =>
  /^(https?|wss?):$/.test(address.protocol) && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(address.hostname);
