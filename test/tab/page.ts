import axe from 'axe-core';
import type { Page } from 'playwright-core';

export type User = 'Reader of findings' | 'Manager of findings' | 'Auditor on duty' | 'Nobody in particular';

/** From the address that was opened to the page behind it, as one of the sandbox's users. */
export async function signInAs(page: Page, user: User): Promise<void> {
  await page.getByRole('button', { name: user }).click();
  await page.locator('h1, .notice').first().waitFor();
}

/** Nothing is on its way any more: no skeleton, no spinner. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.locator('.loading, [role=progressbar]').first().waitFor({ state: 'detached' });
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What keeps somebody out: serious and critical findings of axe, each with the first places. `rules`: only these. */
export async function barriersOn(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const options = { resultTypes: ['violations'], ...(rules !== undefined && { runOnly: rules }) };
  const violations = await page.evaluate<readonly Violation[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html.slice(0, 160))
          .slice(0, 3)
          .join(' | ')}`,
    );
}

/** How far things jumped since the page was opened (https://web.dev/articles/cls). */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate<number>(`new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value; }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(sum), 100);
  })`);

/** Collects what the browser complains about: script errors, refused requests, breaches of the content policy. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  return complaints;
}
