import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPage, firstLoadBytesMax } from '../../tools/build-page.ts';
import { startDemo, type Demo } from '../../tools/serve/demo.ts';
import { describeInBrowser } from '../browser/describe-in-browser.ts';
import type { Config } from '../../src/api/contract/index.ts';
import { teamsHost, tokenFor } from './teams-host.ts';
import { barriersOn, complaintsOf, layoutShift, settled, signInAs } from './page.ts';

const pictures = join(import.meta.dirname, '../../out/preview/tab');
/** On a machine that does much else. Alone the whole file takes less than this. */
const slowMs = 180_000;
/** `Reader of findings` (src/sandbox/users.ts). */
const reader = '00000000-0000-4000-8000-0000000000e1';
const withDetails = new Set(['/findings', '/incidents', '/identities', '/reviews', '/runs']);
const places = ['/', '/findings', '/incidents', '/identities', '/access', '/reviews', '/runs'] as const;

const nameOf = (path: string): string => {
  const [page = '', one] = path.split('/').slice(1);
  return one === undefined ? page || 'overview' : `one-of-${page}`;
};

describeInBrowser('the page', (openPage) => {
  let demo: Demo;
  let bytes = 0;
  let pages = '';
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    // Not in dist, which other tests build anew.
    pages = await mkdtemp(join(tmpdir(), 'mi-audit-page-'));
    bytes = await buildPage(pages);
    demo = await startDemo({ pages, say: () => {} });
  }, 120_000);
  afterAll(async () => {
    await demo?.close();
    await rm(pages, { recursive: true, force: true });
  });

  const visit = async (page: Page, path: string): Promise<void> => {
    await page.goto(`${demo.address}${path}`);
    await settled(page);
  };
  const first = (page: Page, path: string): Promise<string> =>
    page.locator(`main a[href^="${path}/"]`).first().getAttribute('href').then(String);

  it('loads little before it shows something', () => {
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(firstLoadBytesMax);
  });

  it('keeps nobody out, jumps nowhere and breaks nothing on any page, in light and dark', { timeout: slowMs }, async () => {
    await openPage({ url: demo.address }, { widthPixels: 1280, heightPixels: 900 }, async (page) => {
      const complaints = complaintsOf(page);
      await signInAs(page, 'Auditor on duty');
      const wrong: string[] = [];
      const attempt = async (path: string): Promise<void> => {
        await visit(page, path);
        const jumps = await layoutShift(page);
        if (jumps > 0.05) wrong.push(`${path} jumps by ${jumps}`);
        // The theme changes while the page is open, as it does in Teams; what is not colour stays as it was.
        for (const colours of ['light', 'dark'] as const) {
          // Without motion: a colour on its way to another one is judged as neither.
          await page.emulateMedia({ colorScheme: colours, reducedMotion: 'reduce' });
          await page.locator(`html[data-theme=${colours}]`).waitFor();
          for (const barrier of await barriersOn(page, colours === 'dark' ? ['color-contrast'] : undefined))
            wrong.push(`${path} in ${colours}: ${barrier}`);
          await page.screenshot({ path: join(pictures, `${nameOf(path)}-${colours}.png`), fullPage: !path.startsWith('/reviews/') });
        }
        await page.emulateMedia({ colorScheme: 'light' });
      };
      const details: string[] = [];
      for (const path of places) {
        await attempt(path);
        if (withDetails.has(path)) details.push(await first(page, path));
      }
      for (const path of [...details, '/rules/orphaned-assignment', '/nowhere']) await attempt(path);
      expect(wrong).toEqual([]);
      expect(details).toHaveLength(withDetails.size);
      expect(complaints).toEqual([]);
    });
  });

  it('shows whoever has no role which one is missing, and whom to ask', async () => {
    await openPage({ url: demo.address }, {}, async (page) => {
      await signInAs(page, 'Nobody in particular');
      const text = await page.locator('main').innerText();
      expect(text).toContain('Findings.Read');
      expect(text).toContain('administrator of Entra ID');
      await page.screenshot({ path: join(pictures, 'no-role.png') });
      await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
      await page.waitForURL(/authorize|localhost/);
    });
  });

  it('goes where a link of a card leads, through the sign-in', async () => {
    await openPage({ url: `${demo.address}/#/findings?severity=critical` }, {}, async (page) => {
      await signInAs(page, 'Reader of findings');
      await settled(page);
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/findings?severity=critical');
      const severities = await page.locator('.row-data .severity').allInnerTexts();
      expect(severities.length).toBeGreaterThan(0);
      expect(new Set(severities)).toEqual(new Set(['critical']));
      // A reader is not offered what would be refused.
      expect(await page.getByRole('button', { name: /^Accept/ }).count()).toBe(0);
    });
  });

  it('keeps filters in the address, and gives them back', async () => {
    await openPage({ url: `${demo.address}/findings` }, {}, async (page) => {
      await signInAs(page, 'Reader of findings');
      await settled(page);
      const all = await page.locator('.toolbar [role=status]').first().innerText();
      // Places go by the names that people know.
      await page.getByText('subscription contoso-dev', { exact: true }).first().waitFor();
      await page.getByLabel('Severity').selectOption('high');
      await page.waitForURL(/severity=high/);
      await page.getByRole('searchbox', { name: 'Search' }).fill('storage');
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=storage/);
      await settled(page);
      expect(new URL(page.url()).searchParams.get('severity')).toBe('high');
      await page.reload();
      await settled(page);
      expect(await page.getByLabel('Severity').inputValue()).toBe('high');
      expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('storage');
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.waitForURL((url) => url.search === '');
      await expect.poll(() => page.locator('.toolbar [role=status]').first().innerText(), { timeout: 20_000 }).toBe(all);
    });
  });

  it('accepts chosen findings with a reason, and the next audit leaves them accepted', { timeout: slowMs }, async () => {
    await openPage({ url: `${demo.address}/findings?severity=low` }, { heightPixels: 900 }, async (page) => {
      await signInAs(page, 'Manager of findings');
      await settled(page);
      const chosen = page.locator('.row-data').filter({ has: page.getByRole('checkbox') });
      const titles = [await chosen.nth(0).getByRole('link').innerText(), await chosen.nth(1).getByRole('link').innerText()];
      const address = String(await chosen.nth(0).getByRole('link').getAttribute('href'));
      await chosen.nth(0).getByRole('checkbox').check();
      await chosen.nth(1).getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Accept 2' }).click();
      const dialog = page.getByRole('dialog');
      expect(await dialog.getByRole('button', { name: 'Accept' }).isDisabled()).toBe(true);
      await dialog.getByLabel('Reason').fill('Agreed with the platform team until the move.');
      expect(await barriersOn(page)).toEqual([]);
      await page.screenshot({ path: join(pictures, 'accept.png') });
      await dialog.getByRole('button', { name: 'Accept' }).click();
      await page.getByText('2 accepted.').waitFor();

      const { findings, summary } = await demo.audit();
      expect(summary.accepted).toBeGreaterThanOrEqual(2);
      for (const title of titles) expect(findings.find((finding) => finding.title === title)?.status).toBe('accepted');

      await visit(page, address);
      const text = await page.locator('main').innerText();
      expect(text).toContain('Agreed with the platform team until the move.');
      expect(text).toContain('manager@contoso.example');
      await page.getByRole('button', { name: 'End the acceptance' }).click();
      await page.getByRole('button', { name: 'Accept this risk' }).waitFor();
    });
  });

  it('tells why an answer did not come, and tries again', async () => {
    await openPage({ url: demo.address }, {}, async (page) => {
      await signInAs(page, 'Reader of findings');
      const problem = {
        type: 'urn:mi-audit:problem:not-found',
        title: 'Nothing is here',
        status: 404,
        detail: 'It may be gone.',
        instance: '/',
      };
      await page.route('**/api/identities?**', (route) => route.fulfill({ status: 404, json: problem }), { times: 1 });
      await page.getByRole('link', { name: 'Identities', exact: true }).click();
      await page.getByRole('alert').getByText('It may be gone.').waitFor();
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('.row-data').first().waitFor();
    });
  });

  it('says what could not be seen before it says that nothing was found', async () => {
    await openPage({ url: demo.address }, {}, async (page) => {
      await signInAs(page, 'Reader of findings');
      const gap = {
        slice: 'roleAssignments',
        scope: '/subscriptions/1',
        state: 'missing',
        why: 'AuthorizationFailed',
        permission: 'Reader',
      };
      const coverage = { runId: 'run-1', at: '2026-11-20T08:00:00Z', complete: false, gaps: [gap] };
      await page.route('**/api/findings?**', (route) => route.fulfill({ json: { items: [], coverage } }));
      await page.getByRole('link', { name: 'Findings', exact: true }).click();
      await page.getByText('Nothing matches these filters').waitFor();
      const text = await page.locator('main').innerText();
      expect(text).toContain('Not everything could be seen');
      expect(text).toContain('something may be hidden');
      expect(text.indexOf('Not everything')).toBeLessThan(text.indexOf('Nothing matches'));
    });
  });

  it('shows other people’s text as text', async () => {
    await openPage({ url: demo.address }, {}, async (page) => {
      const complaints = complaintsOf(page);
      await signInAs(page, 'Reader of findings');
      await page.route('**/api/findings?**', async (route) => {
        const answer = (await (await route.fetch()).json()) as { items: object[]; coverage: object };
        const items = answer.items.slice(0, 1).map((item) => ({ ...item, title: '<img src=x onerror=alert(1)> \u202Egnp.exe' }));
        await route.fulfill({ json: { items, coverage: answer.coverage } });
      });
      await page.getByRole('link', { name: 'Findings', exact: true }).click();
      await page.getByText('<img src=x onerror=alert(1)> \\u{202e}gnp.exe').waitFor();
      expect(await page.locator('main img').count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  it('scrolls through 10,000 findings with a few rows in the document', { timeout: slowMs }, async () => {
    await openPage({ url: demo.address }, { heightPixels: 900 }, async (page) => {
      await signInAs(page, 'Reader of findings');
      let sample: object | undefined;
      await page.route('**/api/findings?**', async (route) => {
        const query = new URL(route.request().url()).searchParams;
        if (sample === undefined) sample = ((await (await route.fetch()).json()) as { items: object[] }).items[0];
        const from = Number(query.get('cursor') ?? 0);
        const items = Array.from({ length: 200 }, (_, at) => ({
          ...sample,
          id: `many-${from + at}`,
          title: `Finding number ${from + at}`,
        }));
        const coverage = { runId: 'run-1', at: '2026-11-20T08:00:00Z', complete: true, gaps: [] };
        await route.fulfill({ json: { items, coverage, ...(from + 200 < 10_000 && { cursor: String(from + 200) }) } });
      });
      await page.getByRole('link', { name: 'Findings', exact: true }).click();
      await page.getByText('Finding number 0', { exact: true }).waitFor();
      const most = { inDocument: 0 };
      await expect
        .poll(
          async () => {
            await page.evaluate(`{ const rows = document.querySelector('.rows'); rows.scrollTo(0, rows.scrollHeight) }`);
            most.inDocument = Math.max(most.inDocument, await page.locator('.row-data').count());
            return page.getByText('Finding number 9999', { exact: true }).count();
          },
          { timeout: 45_000, interval: 20 },
        )
        .toBe(1);
      expect(most.inDocument).toBeLessThan(80);
      expect(await page.locator('.row-data').last().getAttribute('aria-rowindex')).toBe('10001');
      await page.evaluate(`document.querySelector('.rows').scrollTo(0, 0)`);
      await page.getByText('Finding number 0', { exact: true }).waitFor();
    });
  });

  it('fits a phone and twice the size: the page never scrolls sideways', { timeout: slowMs }, async () => {
    await openPage({ url: demo.address }, { widthPixels: 360, heightPixels: 740 }, async (page) => {
      await signInAs(page, 'Auditor on duty');
      const wide: string[] = [];
      for (const path of places) {
        await visit(page, path);
        if (await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth + 1')) wide.push(path);
        await page.screenshot({ path: join(pictures, `${path === '/' ? 'overview' : path.slice(1)}-phone.png`) });
      }
      expect(wide).toEqual([]);
    });
  });

  it('signs in by Teams, goes where its link leads, and follows its theme', { timeout: slowMs }, async () => {
    await openPage({ html: '' }, { heightPixels: 900, mayAskFor: /res\.cdn\.office\.net/ }, async (page) => {
      const config = (await (await fetch(`${demo.address}/api/config`)).json()) as Config;
      const token = await tokenFor(config, reader, demo.address);
      const host = teamsHost('/?host=teams', { token, theme: 'dark', subPageId: '/identities?sort=severity' });
      await page.route('**/teams-host', (route) => route.fulfill({ contentType: 'text/html', body: host }));
      await page.goto(`${demo.address}/teams-host`);
      const tab = page.frameLocator('iframe');
      await tab.getByRole('heading', { name: 'Identities' }).waitFor();
      await tab.locator('.row-data').first().waitFor();
      await tab.locator('html[data-theme=dark]').waitFor();
      expect(await tab.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
      await page.evaluate(`changeTheme('contrast')`);
      await tab.locator('html[data-theme=contrast]').waitFor();
      await page.screenshot({ path: join(pictures, 'teams-contrast.png') });
      const heard = await page.evaluate<string[]>('heard');
      for (const said of ['appInitialization.appLoaded', 'appInitialization.success']) expect(heard).toContain(said);
      expect(heard).not.toContain('appInitialization.failure');
    });
  });

  it('tells Teams and the reader when Teams may not sign anybody in', { timeout: slowMs }, async () => {
    await openPage({ html: '' }, { mayAskFor: /res\.cdn\.office\.net/ }, async (page) => {
      const host = teamsHost('/?host=teams', { token: undefined, theme: 'default', subPageId: '' });
      await page.route('**/teams-host', (route) => route.fulfill({ contentType: 'text/html', body: host }));
      await page.goto(`${demo.address}/teams-host`);
      await page.frameLocator('iframe').getByText('grant consent').waitFor();
      expect(await page.evaluate<string[]>('heard')).toContain('appInitialization.failure');
    });
  });

  it('is worked by keyboard: the focus follows the page, and the first stop skips the navigation', async () => {
    await openPage({ url: demo.address }, {}, async (page) => {
      await signInAs(page, 'Reader of findings');
      await settled(page);
      await page.keyboard.press('Tab');
      expect(await page.evaluate<string>('document.activeElement.textContent')).toContain('Skip');
      await page.getByRole('link', { name: 'Runs' }).focus();
      await page.keyboard.press('Enter');
      await settled(page);
      expect(await page.evaluate<string>('document.activeElement.id')).toBe('main');
      expect(await page.title()).toContain('Runs');
    });
  });
});
