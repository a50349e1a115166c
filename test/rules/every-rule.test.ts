import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { slices } from '../../src/estate/index.ts';
import { rules, severities } from '../../src/rules/index.ts';
import { rulePages } from '../../tools/docs/rule-pages.ts';
import { estate } from '../build/estate.ts';
import { judgeCase } from './rule-table.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const variableOf = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

describe('every rule', () => {
  it('stands in the list once, in alphabetical order', () => {
    const ids = rules.map((rule) => rule.id);
    expect(ids.length).toBeGreaterThan(20);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('is in the list if there is a file for it', () => {
    const files = readdirSync(join(root, 'src/rules')).filter((file) => /^export const \w+: Rule = \{$/m.test(read(`src/rules/${file}`)));
    expect(files.map((file) => file.replace(/\.ts$/, '')).sort()).toEqual(rules.map((rule) => rule.id));
  });

  it('has a documentation page that says what the rule says', () => {
    for (const { path, text } of rulePages(rules)) {
      expect(existsSync(join(root, path)), `${path} is missing: npm run docs`).toBe(true);
      expect(read(path), `${path} is out of date: npm run docs`).toBe(text);
    }
    const pages = readdirSync(join(root, 'docs/rules'));
    expect(pages.sort()).toEqual(['README.md', ...rules.map((rule) => `${rule.id}.md`)].sort());
  });
});

describe.each(rules)('$id', (rule) => {
  it('is in a file of its own name', () => {
    expect(read(`src/rules/${rule.id}.ts`)).toContain(`export const ${variableOf(rule.id)}: Rule = {\n  id: '${rule.id}',`);
  });

  it('is named after the failing state', () => {
    expect(rule.id).toMatch(/^[a-z]+(-[a-z0-9]+)+$/);
  });

  it('says what it is, why it matters and what to do, to a tired admin', () => {
    for (const text of [rule.title, rule.why, rule.fix]) expect(text).not.toMatch(/!(\s|$)|TODO|One line that stands in lists/m);
    expect(rule.title.length).toBeGreaterThan(10);
    expect(rule.title.length).toBeLessThan(100);
    expect(rule.title).not.toMatch(/\.$/);
    expect(rule.why.length).toBeGreaterThan(100);
    expect(rule.fix.length).toBeGreaterThan(30);
    expect(`${rule.why} ${rule.fix}`).not.toMatch(/\b(connection string|client secret|account key|access key)s? instead/i);
    expect(severities).toContain(rule.severity);
    expect(['certain', 'likely', 'possible']).toContain(rule.confidence);
  });

  it('names what it needs to see', () => {
    const needs = Object.entries(rule.needs);
    expect(needs.some(([, need]) => need !== 'hint')).toBe(true);
    for (const [slice, need] of needs) {
      expect(slices).toContain(slice);
      expect(['each', 'anywhere', 'local', 'whole', 'kept', 'hint']).toContain(need);
    }
  });

  it('names controls and references', () => {
    expect(rule.controls.length).toBeGreaterThan(0);
    for (const control of rule.controls)
      expect(control).toMatch(/^(CIS 6\.0\.0 \d+(\.\d+)+|MCSB [A-Z]{2}-\d+|NIST 800-53 r5 [A-Z]{2}-\d+(\(\d+\))?( [a-z])?)$/);
    expect(rule.references.length).toBeGreaterThan(0);
    for (const reference of rule.references) expect(new URL(reference).protocol).toBe('https:');
  });

  it('has a test with cases that fire and look-alikes that must not', () => {
    const test = read(`test/rules/${rule.id}.test.ts`);
    expect(test).toContain(`ruleTable(${variableOf(rule.id)}, {`);
    expect(test).toMatch(/\bfires: \[/);
    expect(test).toMatch(/\bsilent: \[/);
  });

  it('finds nothing in an empty tenant, and touches no slice that it does not name', () => {
    const settings = { requiredTags: ['owner'], identityNamePattern: '{app}' };
    const memory = { grantsMade: [] };
    expect(judgeCase(rule, { estate: estate({ containers: [], roles: [] }), settings, memory })).toMatchObject({
      violations: [],
      verdicts: [{ id: rule.id, verdict: 'checked', because: '' }],
    });
  });

  it('does not answer when nothing at all could be seen', () => {
    const gaps = slices.map((slice) => ({ slice, scope: '/', state: 'missing' as const, why: 'signed out' }));
    const settings = { requiredTags: ['owner'] };
    expect(judgeCase(rule, { estate: estate({ gaps }), settings })).toMatchObject({
      violations: [],
      verdicts: [{ verdict: 'inconclusive', unjudged: 'all' }],
    });
  });
});
