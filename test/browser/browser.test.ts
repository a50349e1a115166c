import { expect, it } from 'vitest';
import { describeInBrowser } from './describe-in-browser.ts';

describeInBrowser('a page in a real browser', (openPage) => {
  it('shows the document in the colours, size and medium asked for', async () => {
    const html = `<style>p{color:red} @media (prefers-color-scheme: dark) {p{color:white}}</style><p>hello</p>`;
    const seen = await openPage({ html }, { colours: 'dark', widthPixels: 360, medium: 'print' }, (page) =>
      page.evaluate<unknown>(
        `({ colour: getComputedStyle(document.querySelector('p')).color, width: innerWidth, print: matchMedia('print').matches })`,
      ),
    );
    expect(seen).toEqual({ colour: 'rgb(255, 255, 255)', width: 360, print: true });
  });

  it('lets nothing out of this machine, and says who asked', async () => {
    const html = `<img src="https://tracker.example/pixel.png">`;
    await expect(openPage({ html }, {}, (page) => page.title())).rejects.toThrow('https://tracker.example/pixel.png');
    await expect(openPage({ html }, { mayAskFor: /tracker\.example/ }, (page) => page.title())).resolves.toBe('');
  });

  it('fails on an exception inside the page, and runs no script where none may run', async () => {
    const html = `<script>document.title = 'ran'; throw new Error('broken')</script>`;
    await expect(openPage({ html }, {}, (page) => page.title())).rejects.toThrow('broken');
    await expect(openPage({ html }, { runsScripts: false }, (page) => page.locator('script').count())).resolves.toBe(1);
  });
});
