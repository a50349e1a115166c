import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'infra/README.md', ...markdownIn('docs')];
const scripts = Object.keys((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts);

function markdownIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

/** Fenced and inline code is not prose: what looks like a link in there is none. */
const prose = (page: string): string =>
  readFileSync(join(root, page), 'utf8')
    .replace(/^(```+)[\s\S]*?^\1/gm, '')
    .replace(/`[^`\n]*`/g, '');

/** To a file that is there and, in a page, to a heading of it. */
function leads(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || (target.endsWith('.md') && anchorsOf(target).includes(anchor));
}

/** As GitHub makes them: lower case, punctuation out, spaces to hyphens, a number behind the second of the same. */
function anchorsOf(page: string): readonly string[] {
  const seen = new Map<string, number>();
  const withoutCode = readFileSync(join(root, page), 'utf8').replace(/^(```+)[\s\S]*?^\1/gm, '');
  return [...withoutCode.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => {
    const plain = heading!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}

describe('the documentation', () => {
  it('is there', () => {
    expect(pages.length).toBeGreaterThan(50);
  });

  it.each(pages)('%s: every link inside the repository leads somewhere', (page) => {
    const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
    const broken = links.filter((link) => !/^(https?:|mailto:)/.test(link)).filter((link) => !leads(page, link));
    expect(broken).toEqual([]);
  });

  it.each(pages)('%s: names only npm scripts that exist', (page) => {
    const named = [...readFileSync(join(root, page), 'utf8').matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map((match) => match[1]!);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it.each(pages)('%s: names no machine path and no registry', (page) => {
    expect(readFileSync(join(root, page), 'utf8')).not.toMatch(/\/work\/|\/root\/|registry\.npmjs|\/home\/[a-z]/);
  });

  it('names for each threat tests that are there', () => {
    const named = [...readFileSync(join(root, 'SECURITY.md'), 'utf8').matchAll(/`(test\/[^`]+)`/g)].map((match) => match[1]!);
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('has exactly two commands of set-up', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const block = /## Two commands[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    expect(
      block
        .trim()
        .split('\n')
        .map((line) => line.split('#')[0]!.trim()),
    ).toEqual(['npm ci && npm start', 'npm ci && npm test']);
  });

  it('is linked: every page can be reached from README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached)
      for (const [, link] of prose(page).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)) {
        const target = /^https?:/.test(link!) ? '' : join(dirname(page), link!);
        if (pages.includes(target)) reached.add(target);
        else for (const inside of pages) if (dirname(inside) === target) reached.add(inside);
      }
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });

  it('is generated where it says so, and up to date', () => {
    const check = (): string =>
      execFileSync(process.execPath, ['tools/write-docs.ts', '--check'], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    expect(check).not.toThrow();
  });

  it('explains every decision, and not at length', () => {
    for (const page of markdownIn('docs/decisions')) {
      const words = readFileSync(join(root, page), 'utf8').split(/\s+/).length;
      expect([relative('docs/decisions', page), words > 40 && words < 1_100]).toEqual([relative('docs/decisions', page), true]);
    }
  });
});
