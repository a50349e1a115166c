import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { services } from '../../src/telemetry/index.ts';
import { bicepFiles, declarations } from '../infra/syntax-tree.ts';
import { root } from './shell-blocks.ts';

const page = readFileSync(join(root, 'docs/contact-points.md'), 'utf8');
const chapter = (title: string): string => page.slice(page.indexOf(`## ${title}`)).split(/\n## (?!$)/)[0]!;
const calls = chapter('What the product calls');
const infra = chapter('What infra makes');
const rows = (text: string) => text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('|---'));

/** Libraries that reach nobody: they compute, render or parse on this machine. */
const silent = [
  '@noble/hashes',
  '@react-email/components',
  '@react-email/render',
  '@stdlib/math-base-special-betainc',
  '@stdlib/math-base-special-gammainc',
  'cli-table3',
  'commander',
  'csv-stringify',
  'echarts',
  'p-limit',
  'picocolors',
  'react',
  'react-dom',
  'zod',
];

describe('the page of contact points', () => {
  it('names each service that telemetry counts calls to', () => {
    expect(services.length).toBeGreaterThan(7);
    expect(services.filter((name) => !calls.includes(`(\`${name}\`)`))).toEqual([]);
  });

  it('names each library that opens a connection', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const names = Object.keys(dependencies);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !silent.includes(name) && !calls.includes(`\`${name}\``))).toEqual([]);
    expect(silent.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('names each endpoint of a cloud', () => {
    const cloud = readFileSync(join(root, 'src/azure/cloud.ts'), 'utf8');
    const endpoints = [...cloud.matchAll(/^ {2}readonly (\w+): string;$/gm)].map(([, name]) => name!).filter((name) => name !== 'name');
    expect(endpoints).toContain('resourceManager');
    expect(endpoints.filter((name) => !calls.includes(`\`${name}\``))).toEqual([]);
  });

  it('names each file of infra, and each type of resource', async () => {
    const all = readdirSync(join(root, 'infra'), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(root, 'infra/').length));
    const named = (file: string): boolean => infra.includes(`\`${file}\``) || infra.includes(`\`${file.split('/')[0]}\``);
    expect(all.filter((file) => file !== 'README.md' && !named(file))).toEqual([]);
    const types = (await bicepFiles())
      .flatMap((file) => declarations(file))
      .filter(({ kind, type }) => kind === 'resource_declaration' && /^Microsoft\.\w+\/\w+@/.test(type))
      .map(({ type }) => type.split('@')[0]!);
    expect(types.length).toBeGreaterThan(12);
    expect([...new Set(types)].filter((type) => !infra.includes(`\`${type}\``))).toEqual([]);
  });

  it('says of each contact by what it was checked', () => {
    for (const row of [...rows(calls), ...rows(infra)]) {
      const cells = row.slice(1, -1).split(/ \| /);
      expect([row.slice(0, 40), cells.length, cells[2]!.trim().length > 3]).toEqual([row.slice(0, 40), 4, true]);
    }
  });
});
