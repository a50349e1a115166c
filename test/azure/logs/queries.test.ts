import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allSources, body, denialQuery, probeQuery } from '../../../src/azure/logs/compose-query.ts';
import { denialSources, lineSources, queryText, resourceGraphQueries, workspaceQueries } from '../../../src/azure/queries/index.ts';
import { appPatterns } from '../../../src/denials/index.ts';
import { checkKql } from '../../../src/sandbox/kql/index.ts';
import { logTables } from './schemas.ts';

const window = { from: '2026-11-20T07:55:00.000Z', until: '2026-11-20T08:00:00.000Z' };
const all = [...denialSources, ...lineSources, ...workspaceQueries];

describe('the queries of a workspace', () => {
  it('are listed, each of them', () => {
    const files = readdirSync(new URL('../../../src/azure/queries/', import.meta.url))
      .filter((file) => file.endsWith('.kql'))
      .map((file) => file.replace(/\.kql$/, ''));
    expect(files.sort()).toEqual([...all, ...resourceGraphQueries].sort());
  });

  it.each(all)("%s passes Microsoft's analyser as it stands", (name) => {
    expect(checkKql(queryText(name), logTables)).toEqual([]);
  });

  it("pass Microsoft's analyser composed, and asked one by one", () => {
    expect(checkKql(denialQuery(window), logTables)).toEqual([]);
    for (const source of allSources) {
      expect(checkKql(denialQuery(window, [source]), logTables)).toEqual([]);
      expect(checkKql(probeQuery(window, source), logTables)).toEqual([]);
    }
  });

  it('are one query: every source, the presence of tables, and no text twice', () => {
    const text = denialQuery(window);
    for (const source of [...denialSources, 'denials-app-text' as const, ...lineSources]) expect(text.split(body(source)).length).toBe(2);
    expect(text).toContain(`datetime(${window.from})`);
    expect(text.match(/^let from = /gm)).toHaveLength(1);
    // https://learn.microsoft.com/azure/azure-monitor/service-limits: a query may be that long over the API.
    expect(text.length).toBeLessThan(100_000);
  });

  it("ask for the product's own patterns of application text, in its order", () => {
    const asked = [...queryText('denials-app-text').matchAll(/matches regex @"\(\?is\)((?:[^"]|"")*)", '([a-z-]+)'/g)].map(
      ([, match, id]) => ({ id, match: match?.replaceAll('""', '"') }),
    );
    expect(asked).toEqual(appPatterns.filter(({ id }) => id !== 'entra-error').map(({ id, match }) => ({ id, match })));
  });
});
