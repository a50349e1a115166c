import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { queryText, resourceGraphQueries } from '../../src/azure/queries/index.ts';
import { checkKql, type KqlTable } from '../../src/sandbox/kql/index.ts';

const columns = [
  ...['id', 'name', 'type', 'tenantId', 'kind', 'location', 'resourceGroup', 'subscriptionId', 'managedBy'].map((name) => ({
    name,
    type: 'string' as const,
  })),
  ...['sku', 'plan', 'properties', 'tags', 'identity', 'zones', 'extendedLocation'].map((name) => ({ name, type: 'dynamic' as const })),
];
const resourceGraphTables: readonly KqlTable[] = ['resources', 'resourcecontainers', 'authorizationresources', 'policyresources'].map(
  (name) => ({ name, columns, rows: () => [] }),
);

/** https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language */
const operators = new Set([
  'count',
  'distinct',
  'extend',
  'join',
  'limit',
  'mv-expand',
  'order',
  'parse',
  'project',
  'project-away',
  'sort',
  'summarize',
  'take',
  'top',
  'union',
  'where',
]);

describe('every query', () => {
  const folder = new URL('../../src/azure/queries/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.kql'));

  it('is listed, and every listed one is there', () => {
    expect(
      files.map((file) => file.replace(/\.kql$/, '')).filter((name) => (resourceGraphQueries as readonly string[]).includes(name)),
    ).toEqual([...resourceGraphQueries]);
  });

  describe.each(resourceGraphQueries)('%s', (name) => {
    const text = queryText(name);
    const code = text.replace(/\/\/[^\n]*/g, '').replace(/'[^'\n]*'/g, "''");

    it("passes Microsoft's analyser", () => {
      expect(checkKql(text, resourceGraphTables)).toEqual([]);
    });

    it('keeps to what Resource Graph takes', () => {
      const used = [...code.matchAll(/\|\s*([a-z-]+)/g)].map(([, operator]) => operator ?? '');
      expect(used.filter((operator) => !operators.has(operator))).toEqual([]);
      expect(used.filter((operator) => operator === 'join').length).toBeLessThanOrEqual(3);
      expect(code).not.toMatch(/\blet\b|\bmaterialize\b/);
      // With either of these Resource Graph gives no skip token, and everything after the first page is lost.
      expect(used.filter((operator) => operator === 'limit' || operator === 'take')).toEqual([]);
    });

    it('projects the id, and pages in its order', () => {
      expect(code).toMatch(/\| project id,/);
      expect(code.trimEnd()).toMatch(/\| order by id asc$/);
    });
  });

  it('is not found under a name that is a path', () => {
    expect(() => queryText('../cloud')).toThrow('not the name of a query');
  });
});
