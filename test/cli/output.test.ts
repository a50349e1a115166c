import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { csvOf as apiCsvOf } from '../../src/api/http/csv.ts';
import { auditMarkdown } from '../../src/cli/output/audit-markdown.ts';
import { auditSarif } from '../../src/cli/output/audit-sarif.ts';
import { auditTable } from '../../src/cli/output/audit-table.ts';
import { findingText } from '../../src/cli/output/finding-text.ts';
import { codeSpan, markdown, oneLine, plain } from '../../src/cli/output/plain-text.ts';
import { csvOf, tableOf } from '../../src/cli/output/sheet.ts';
import { shortScope } from '../../src/cli/output/short-scope.ts';
import { rules } from '../../src/rules/index.ts';
import { guid, mg, sub } from '../build/estate.ts';
import { finding, report } from './sample-report.ts';

/** Clears the screen, recolours, reorders, hides, and draws a false line. */
const hostile = '\u001b[2J\u001b[31mnone\u202Eevil\u200B\u0007\u009b0m\nNo findings.\r| x |<script>`*_[a](javascript:1)';
const terminal = { columns: 110, colours: false };
const hostileReport = report({
  findings: [
    finding({
      title: hostile,
      message: hostile,
      principal: { ...finding().principal, name: hostile },
      scope: `/subscriptions/${hostile}`,
      evidence: [{ label: hostile, value: hostile, source: 'arm' }],
      fix: [{ text: hostile, cli: hostile }],
    }),
  ],
  coverage: [{ slice: 'vaults', scope: `/subscriptions/${hostile}`, state: 'missing', why: hostile, permission: hostile }],
  rules: [{ id: 'orphaned-assignment', verdict: 'inconclusive', because: hostile }],
  run: { complete: false, tenantId: hostile },
});
// oxlint-disable-next-line no-control-regex
const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

describe('names of other people', () => {
  it('neither move the cursor nor reorder a line on a terminal', () => {
    expect(auditTable(hostileReport, terminal)).not.toMatch(dangerous);
    expect(
      findingText(
        hostileReport.findings[0]!,
        [{ findingId: 'x', revision: 1, at: '2026', runId: 'r', kind: 'opened', note: hostile, author: hostile }],
        terminal,
      ),
    ).not.toMatch(dangerous);
    expect(auditMarkdown(hostileReport)).not.toMatch(dangerous);
  });

  it('cannot add a line of their own to the table', () => {
    expect(auditTable(hostileReport, terminal)).not.toMatch(/^No findings\./m);
  });

  it('are text in Markdown: no link, no HTML, no cell', () => {
    const withoutCode = auditMarkdown(hostileReport)
      .replaceAll(/^(`{3,})[\s\S]*?^\1/gm, '')
      .replaceAll(/(`+)[^\n]*?[^`]\1(?!`)/g, '');
    expect(withoutCode).not.toMatch(/<script|(?<!\\)\]\(|^No findings/m);
    expect(withoutCode.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(5);
  });

  it('lose nothing that a reader needs', () => {
    expect(plain('Größe 日本 🎉 tab\tline\n')).toBe('Größe 日本 🎉 tab\tline\n');
    expect(oneLine('a\r\nb\u2028c')).toBe('a b c');
    expect(plain('a\u202eb')).toBe('a\\u{202e}b');
    expect(plain('\ud800')).toBe('\\u{d800}');
  });

  it('stay within a code span whatever they hold', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const span = codeSpan(text);
        const fence = /^`+/.exec(span)![0];
        const inside = span.slice(fence.length, -fence.length);
        expect(span.endsWith(fence)).toBe(true);
        expect(inside.match(/`+/g)?.includes(fence) ?? false).toBe(false);
      }),
    );
    expect(markdown('a|b')).toBe('a\\|b');
  });
});

describe('CSV', () => {
  const cellOf = (value: string): string => csvOf({ columns: [{ title: 'name', share: 1 }], rows: [[value]] }).split('\r\n')[1]!;

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', ' =1', '\u200b=1'])('keeps a spreadsheet from computing %j', (value) => {
    expect(cellOf(value).replace(/^"/, '').startsWith("'")).toBe(true);
  });

  it('leaves what is no formula alone, and quotes', () => {
    expect(cellOf('a=b')).toBe('a=b');
    expect(cellOf('say "hi", you')).toBe('"say ""hi"", you"');
  });

  it.each([
    ['command line', csvOf({ columns: [{ title: 'name', share: 1 }], rows: [['id\n=1+1\n'], ['next']] })],
    ['API', apiCsvOf({ columns: ['name'], rows: [['id\n=1+1\n'], ['next']] })],
  ])('keeps a name of several lines in its cell, on the %s', (_, text) => {
    expect(text.replace('\uFEFF', '')).toBe('name\r\n"id\n=1+1\n"\r\nnext\r\n');
  });
});

describe('tables', () => {
  it.each([60, 80, 100, 120, 200])('fit into %i columns', (columns) => {
    const long = finding({
      title: 'A title that is much too long for any narrow terminal to show on one line',
      principal: { ...finding().principal, name: 'n'.repeat(60) },
      scope: `${sub('prod')}/resourceGroups/${'g'.repeat(80)}/providers/Microsoft.KeyVault/vaults/kv`,
    });
    const table = auditTable(report({ findings: [long, finding()] }), { columns, colours: false }).split('\n\n')[0]!;
    const longest = Math.max(...table.split('\n').map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(Math.max(columns, 95));
  });

  it('break what has no spaces and lose none of it', () => {
    const id = `/subscriptions/${guid('a')}/resourceGroups/rg-a-b-c`;
    const table = tableOf({ columns: [{ title: 'id', share: 1 }], rows: [[id]] }, 30);
    expect(
      table
        .split('\n')
        .slice(1)
        .map((line) => line.trim())
        .join(''),
    ).toBe(id);
  });

  it('say worst first, what could not be seen, and the next step', () => {
    const text = auditTable(
      report({
        findings: [
          finding({ severity: 'low', title: 'Small' }),
          finding({ severity: 'critical', title: 'Large', id: 'escalation-capable-role-ffff456789abcdef' }),
        ],
        coverage: [
          { slice: 'principals', scope: '/', state: 'missing', why: 'Microsoft Graph refused.', permission: 'Application.Read.All' },
        ],
        rules: [{ id: 'orphaned-assignment', verdict: 'inconclusive', because: 'principals missing' }],
        run: { complete: false },
      }),
      terminal,
    );
    expect(text.indexOf('Large')).toBeLessThan(text.indexOf('Small'));
    expect(text).toContain('Microsoft Graph refused. Needs Application.Read.All.');
    expect(text).toContain('orphaned-assignment: principals missing');
    expect(text).toContain('mi-audit show escalation-capable-role-ffff456789abcdef');
  });

  it('never call a blind audit clean', () => {
    expect(auditTable(report({ findings: [] }), terminal)).toContain('No findings.\n');
    expect(auditTable(report({ findings: [], run: { complete: false } }), terminal)).toContain('That is not the same as none');
  });

  it('colour only where told', () => {
    expect(auditTable(report(), { columns: 100, colours: true })).toContain('\u001b[');
    expect(auditTable(report(), terminal)).not.toContain('\u001b[');
  });
});

it.each([
  ['/', 'tenant root'],
  [mg('platform'), 'management group platform'],
  ['/subscriptions/01234567-89ab-cdef-0123-456789abcdef', 'subscription 01234567…'],
  ['/subscriptions/01234567-89ab-cdef-0123-456789abcdef/resourceGroups/rg-app', 'rg-app, 01234567…'],
  [
    '/subscriptions/01234567-89ab-cdef-0123-456789abcdef/resourceGroups/rg-app/providers/Microsoft.KeyVault/vaults/kv',
    'kv, rg-app, 01234567…',
  ],
  ['something else', 'something else'],
])('shortens %s', (id, short) => {
  expect(shortScope(id)).toBe(short);
});

describe('SARIF', () => {
  // The OASIS schema as @microsoft/jest-sarif 1.0.0-beta.0 ships it (MIT); draft-04, of which ajv needs only the id renamed.
  const {
    id: _id,
    $schema: _schema,
    ...schema
  } = JSON.parse(readFileSync(new URL('./sarif-schema-2.1.0.json', import.meta.url), 'utf8')) as Record<string, unknown>;
  const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);

  it.each([
    ['an ordinary report', report()],
    ['a hostile one', hostileReport],
    ['an empty one', report({ findings: [], coverage: [], rules: [] })],
    [
      'every status and severity',
      report({
        findings: (['new', 'open', 'reopened', 'accepted', 'resolved'] as const).map((status) => finding({ status, severity: 'critical' })),
      }),
    ],
    ['a finding on the tenant', report({ findings: [finding({ subject: '/', scope: '/' })] })],
  ])('is valid for %s', (_name, given) => {
    const valid = validate(JSON.parse(auditSarif(given, rules, '1.0.0')));
    expect(validate.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('can be told invalid', () => {
    expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false);
  });

  it('says what could not be seen', () => {
    const { runs } = JSON.parse(auditSarif(hostileReport, rules, '1.0.0')) as {
      runs: { invocations: { toolExecutionNotifications: unknown[] }[] }[];
    };
    expect(runs[0]!.invocations[0]!.toolExecutionNotifications).toHaveLength(2);
  });
});
