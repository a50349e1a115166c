import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { KqlError, runKql } from '../../src/sandbox/kql/index.ts';
import { NotAWorld } from '../../src/sandbox/world-settings.ts';
import { openWorld } from '../../src/sandbox/world.ts';
import { readable } from '../../src/tab/api/readable.ts';
import { serve } from '../sandbox/small-world.ts';
import { anything, damaged, damagedText } from './foreign.ts';
import { always, few, now, guid, type Fuzzed } from './fuzzed.ts';

const queries = join(import.meta.dirname, '../../src/azure/queries');
const queryTexts = readdirSync(queries)
  .filter((name) => name.endsWith('.kql'))
  .map((name) => readFileSync(join(queries, name), 'utf8'));

/** What the sandbox is given, and what the page is. */
export const sandboxParsers: readonly Fuzzed[] = [
  {
    input: 'world folders of the sandbox',
    files: ['sandbox/world-settings.ts', 'sandbox/json-lines.ts'],
    async fuzz() {
      const settings = {
        format: 1,
        now,
        tenantId: guid,
        auditor: { principalId: guid },
        denied: ['graph'],
        quota: { teams: { posts: 1, windowSeconds: 1 } },
        faults: [{ match: 'GET /', status: 500 }],
      };
      const dir = mkdtempSync(join(tmpdir(), 'mi-audit-fuzz-'));
      mkdirSync(join(dir, 'arg'));
      try {
        await always(
          fc.tuple(
            fc.oneof(
              damaged(settings).map((value) => JSON.stringify(value)),
              damagedText(JSON.stringify(settings)),
            ),
            fc.oneof(
              anything.map((value) => JSON.stringify(value)),
              fc.string(),
            ),
          ),
          ([world, line]) => {
            writeFileSync(join(dir, 'world.json'), world);
            writeFileSync(join(dir, 'arg/resources.jsonl'), `${line}\n`);
            try {
              expect(openWorld(dir).now).toMatch(/^.?\d{4,6}-/);
            } catch (error) {
              expect(error).toBeInstanceOf(NotAWorld);
            }
          },
        );
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  },
  {
    input: 'KQL that the sandbox is asked',
    files: ['sandbox/kql/dynamic.ts'],
    fuzz: () =>
      always(
        fc.oneof(
          fc.constantFrom(...queryTexts).chain(damagedText),
          fc.string(),
          fc.constantFrom('print parse_json("{\\"__proto__\\":{\\"polluted\\":1}}").polluted', 'T | where a matches regex "("'),
        ),
        (query) => {
          try {
            runKql(query, {
              tables: [{ name: 'T', columns: [{ name: 'a', type: 'string' }], rows: () => [{ a: '{"__proto__":1}' }] }],
              now: new Date(now),
              rowsMax: 10_000,
            });
          } catch (error) {
            if (!(error instanceof KqlError)) throw error;
          }
        },
        few,
      ),
  },
  {
    input: 'requests to the sandbox',
    files: ['sandbox/http.ts', 'sandbox/logs.ts', 'sandbox/resource-graph.ts'],
    async fuzz() {
      await using s = await serve({});
      const paths = ['/directoryObjects/getByIds', '/$batch', `/servicePrincipals/${guid}/appRoleAssignments`];
      await always(
        fc.tuple(
          fc.nat({ max: 5 }),
          fc.oneof(
            anything,
            damaged({
              ids: [guid],
              types: ['user'],
              requests: [{ id: '1', method: 'GET', url: '/users' }],
              query: 'resources',
              options: { $skipToken: 'x', $top: 1 },
            }),
            fc.string(),
          ),
        ),
        async ([at, body]) => {
          const { status } =
            at < 3
              ? await s.graph('POST', paths[at]!, body ?? null)
              : at === 3
                ? await s.logs(`/v1/workspaces/${guid}/query`, body ?? null)
                : await s.arm('POST', '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', body ?? null);
          expect([status, status !== 0 && status !== 500]).toEqual([status, true]);
        },
        few,
      );
    },
  },
  {
    input: "the API's answers, on the page",
    files: ['tab/api/ask.ts'],
    fuzz: () =>
      always(anything, (given) => {
        const texts: string[] = [];
        // Values are other people's text; names are the contract's.
        JSON.parse(JSON.stringify(given), (key, value: unknown) => {
          const shown = readable(key, value);
          if (typeof shown === 'string' && !['cli', 'bicep', 'terraform'].includes(key)) texts.push(shown);
          return shown;
        });
        expect(texts.join('')).not.toMatch(/[\u0000-\u0008\u202e\u2028\u0085]/);
      }),
  },
];
