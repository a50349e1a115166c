import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom: the table of docs/architecture.md, as a test. Every room sees itself; what is not listed is forbidden.
 * `dynamic:` rooms may only be reached by `await import(…)`, so that they stay out of the deployed bundle.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  estate: [],
  access: ['estate'],
  rules: ['estate', 'access', 'remedy'],
  findings: ['estate', 'rules'],
  shards: ['estate', 'access', 'rules', 'findings'],
  denials: ['estate'],
  incidents: ['estate', 'access', 'denials', 'remedy'],
  inventory: ['estate', 'access', 'rules', 'remedy'],
  outbox: ['estate', 'rules', 'findings', 'denials', 'incidents'],
  messages: ['estate', 'rules', 'findings', 'denials', 'incidents', 'inventory', 'outbox', 'remedy'],
  config: ['rules', 'denials', 'incidents', 'outbox'],
  ports: ['estate', 'access', 'rules', 'findings', 'shards', 'denials', 'incidents', 'inventory', 'outbox', 'messages'],
  jobs: [
    'estate',
    'access',
    'rules',
    'findings',
    'shards',
    'denials',
    'incidents',
    'inventory',
    'outbox',
    'messages',
    'config',
    'ports',
    'remedy',
    'telemetry',
  ],
  telemetry: ['estate', 'findings', 'incidents'],
  api: ['estate', 'access', 'rules', 'findings', 'denials', 'incidents', 'inventory', 'outbox', 'messages', 'config', 'ports', 'jobs'],
  store: ['ports', 'estate', 'rules', 'findings', 'shards', 'denials', 'incidents', 'inventory', 'outbox'],
  azure: ['ports', 'estate', 'access', 'remedy', 'findings', 'denials', 'incidents', 'messages', 'telemetry'],
  channels: ['ports', 'messages'],
  tab: ['api'],
  functions: ['compose', 'jobs', 'api', 'config', 'messages', 'rules', 'telemetry'],
  cli: [
    'compose',
    'jobs',
    'api',
    'config',
    'messages',
    'estate',
    'access',
    'rules',
    'findings',
    'denials',
    'incidents',
    'inventory',
    'outbox',
    'ports',
    'dynamic:sandbox',
  ],
  sandbox: ['estate'],
  compose: ['config', 'azure', 'channels', 'store', 'ports', 'jobs', 'access', 'findings', 'outbox', 'telemetry'],
  remedy: [],
};
const pure = [
  'estate',
  'access',
  'remedy',
  'rules',
  'findings',
  'shards',
  'denials',
  'incidents',
  'inventory',
  'outbox',
  'messages',
  'config',
];
/** Rooms whose *values* stay at home: everybody else may only name their types. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  ports: pure,
  telemetry: ['estate', 'findings', 'incidents'],
  sandbox: ['estate'],
  tab: ['api'],
};
const forbiddenDrawers = /(^|\/)(utils?|helpers?|common|shared|misc|managers?|services?|base)(\/|\.tsx?$)/;

const root = resolve(import.meta.dirname, '../../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const roomOf = (path: string): string => relative(root, path).split(/[/\\]/)[0]!.replace(/\.ts$/, '');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly kind: 'type' | 'value' | 'dynamic';
  readonly line: string;
}

const imports: readonly Import[] = files.flatMap((file) => {
  const path = join(root, file);
  const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const statics = [...text.matchAll(/^(?:import|export)\s+(type\s+)?([^'";]*?\sfrom\s+)?'([^']+)'/gm)];
  const dynamics = [...text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)];
  return [
    ...statics.map((match) => ({
      from: path,
      to: match[3]!,
      kind: match[1] !== undefined || onlyTypes(match[2] ?? '') ? ('type' as const) : ('value' as const),
      line: match[0],
    })),
    ...dynamics.map((match) => ({ from: path, to: match[1]!, kind: 'dynamic' as const, line: match[0] })),
  ];
});

/** `{ type A, type B } from` brings nothing at run time. */
function onlyTypes(clause: string): boolean {
  const names = /\{([^}]*)\}/.exec(clause)?.[1];
  if (names === undefined) return false;
  return names
    .split(',')
    .filter((name) => name.trim() !== '')
    .every((name) => name.trim().startsWith('type '));
}

describe('the house and its rooms', () => {
  it('sees the files it judges', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(imports.length).toBeGreaterThan(150);
    for (const room of ['estate', 'access', 'rules', 'findings', 'azure', 'sandbox', 'cli'])
      expect(files.some((file) => file.startsWith(room))).toBe(true);
  });

  it('lets a room import only what the table allows', () => {
    const wrong = imports.filter(({ from, to, kind }) => {
      if (!to.startsWith('.')) return false;
      const target = resolve(dirname(from), to);
      if (!target.startsWith(root)) return relative(resolve(root, '..'), target) !== 'package.json';
      const [mine, theirs] = [roomOf(from), roomOf(target)];
      if (mine === theirs) return false;
      const allowed = mayImport[mine] ?? [];
      if (allowed.includes(`dynamic:${theirs}`)) return kind !== 'dynamic' && kind !== 'type';
      if (!allowed.includes(theirs)) return true;
      return typesOnly[mine]?.includes(theirs) === true && kind !== 'type';
    });
    expect(wrong.map(({ from, line }) => `${relative(root, from)}: ${line}`)).toEqual([]);
  });

  it('keeps the pure rooms free of Node, packages with IO, and clocks', () => {
    const allowedPackages = new Set([
      'zod',
      '@noble/hashes/sha2.js',
      '@noble/hashes/utils.js',
      '@stdlib/math-base-special-betainc',
      '@stdlib/math-base-special-gammainc',
      // Rendering: text in, text out.
      'react',
      'react-dom/server',
      '@react-email/components',
      '@react-email/render',
      'csv-stringify/sync',
      'echarts/core',
      'echarts/charts',
      'echarts/components',
      'echarts/renderers',
    ]);
    const foreign = imports.filter(({ from, to }) => pure.includes(roomOf(from)) && !to.startsWith('.') && !allowedPackages.has(to));
    expect(foreign.map(({ from, line }) => `${relative(root, from)}: ${line}`)).toEqual([]);
    const clocks = files
      .filter((file) => pure.includes(roomOf(join(root, file))))
      .filter((file) => /Date\.now\(|new Date\(\)|performance\.now|Math\.random/.test(readFileSync(join(root, file), 'utf8')));
    expect(clocks).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const readers = files.filter((file) => /process\.env/.test(readFileSync(join(root, file), 'utf8')));
    expect(readers.filter((file) => !/^(cli|functions|sandbox)\/|^compose\.ts$/.test(file))).toEqual([]);
  });

  it('has no drawers', () => {
    expect(files.filter((file) => forbiddenDrawers.test(file))).toEqual([]);
  });

  it('knows every room', () => {
    const rooms = new Set(files.map((file) => roomOf(join(root, file))));
    expect([...rooms].filter((room) => room !== 'tab' && !(room in mayImport))).toEqual([]);
  });
});
