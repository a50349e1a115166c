import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openHouse, type House, type KeptStore } from '../../src/compose.ts';
import { readSettings } from '../../src/config/index.ts';
import type { Coverage, Finding, FindingDetail, Incident, Summary } from '../../src/api/contract/index.ts';
import type { Run } from '../../src/findings/index.ts';
import { auditEstate } from '../../src/jobs/audit-estate.ts';
import { composeMessage } from '../../src/jobs/compose-message.ts';
import { contextOf } from '../../src/jobs/message-context.ts';
import { watch } from '../../src/jobs/watch.ts';
import { renderCard, renderMail, type Mail, type MessageContext } from '../../src/messages/index.ts';
import type { Review } from '../../src/messages/review/index.ts';
import type { StoredDelivery } from '../../src/outbox/index.ts';
import { rules, severities } from '../../src/rules/index.ts';
import { writeContoso } from '../../src/sandbox/generate/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { api } from '../api/api.ts';
import { miAudit } from './mi-audit.ts';

/** Every surface a person may compare with another, over one stored state: contoso after an audit and a pass of the watch that could not read everything. */
interface Seen {
  readonly store: KeptStore;
  readonly now: string;
  readonly portalUrl: string;
  readonly cli: {
    readonly findings: { readonly run: Run; readonly findings: readonly Finding[] };
    readonly incidents: { readonly run: Run; readonly incidents: readonly Incident[] };
    readonly review: Review;
  };
  readonly ask: Awaited<ReturnType<typeof api>>['ask'];
  readonly summary: Summary;
  readonly show: (id: string) => Promise<string>;
}

let seen: Seen;
let close: () => Promise<void>;

/** The watch is refused a part of its logs, the audit one list: blindness is to be told alike as well. */
const faults = [
  { match: 'POST /v1/workspaces', status: 403, after: 2, times: 1 },
  { match: 'GET /v1.0/roleManagement', status: 403 },
];

beforeAll(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mi-audit-truth-'));
  await writeContoso(dir);
  const world = JSON.parse(readFileSync(join(dir, 'world.json'), 'utf8')) as object;
  writeFileSync(join(dir, 'world.json'), JSON.stringify({ ...world, faults }));
  const sandbox = await startSandbox({ worldDir: dir, storage: false });
  let opened: House | undefined;
  close = async () => {
    await opened?.close();
    await sandbox.close();
    vi.unstubAllEnvs();
    rmSync(dir, { recursive: true, force: true });
  };
  for (const [name, value] of Object.entries(sandbox.environment)) vi.stubEnv(name, value);
  const folder = join(dir, 'store');
  const read = readSettings({ ...sandbox.environment, STORE: folder });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const { settings } = read;
  const house = openHouse(settings, () => undefined);
  opened = house;
  const store = await house.keptStore();
  const common = { store, settings, holder: house.holder, now: house.now, dryRun: false, progress: () => undefined };
  await auditEstate({ ...common, source: house.source(), rules });
  await watch({ ...common, ...house.logs(), source: house.source(), calls: () => house.calls() });

  const cli = async (...args: readonly string[]): Promise<string> =>
    (await miAudit([...args, '--store', folder], { environment: { AUDIT_NOW: sandbox.now } })).out;
  const [findings, incidents, review] = await Promise.all([
    cli('findings', '--format', 'json'),
    cli('incidents', '--format', 'json', '--status', 'opened,grown,quiet,resolved'),
    cli('review', '--format', 'json', '--month', sandbox.now.slice(0, 7)),
  ]);
  const { ask } = await api({ store: async () => store, now: () => sandbox.now });
  seen = {
    store,
    now: sandbox.now,
    portalUrl: house.portalUrl,
    cli: { findings: JSON.parse(findings), incidents: JSON.parse(incidents), review: JSON.parse(review) as Review },
    ask,
    summary: (await ask('/api/summary')).body as Summary,
    show: (id) => cli('show', id, '--format', 'json'),
  };
}, 60_000);
afterAll(() => close());

const isOpen = ({ status }: Pick<Finding, 'status'>): boolean => ['new', 'open', 'reopened'].includes(status);
const isLive = ({ status }: Pick<Incident, 'status'>): boolean => status !== 'resolved';

/** With the zeros, in one order. */
const bySeverity = (counts: Readonly<Record<string, number>>): readonly number[] => severities.map((severity) => counts[severity] ?? 0);
const counted = (list: readonly { readonly severity: string }[]): readonly number[] =>
  severities.map((severity) => list.filter((one) => one.severity === severity).length);

describe('numbers', () => {
  test('of open findings: the list, the summary, the review and the last day of both trends', () => {
    const { cli, summary } = seen;
    const open = cli.findings.findings.filter(isOpen);
    expect(open.some(({ rule }) => rule === 'broad-grant-made')).toBe(true);
    const expected = counted(open);
    const figure = (name: string): number | undefined => cli.review.since.lines.find((line) => line.name === name)?.now;
    expect(open.length).toBeGreaterThan(50);
    expect([summary.findings.open, figure('open findings')]).toEqual([open.length, open.length]);
    expect(bySeverity(summary.findings.bySeverity)).toEqual(expected);
    expect(severities.map(figure)).toEqual(expected);
    expect(bySeverity(summary.trend.at(-1)!.open)).toEqual(expected);
    expect(bySeverity(cli.review.trend.at(-1)!.open)).toEqual(expected);
    expect(summary.findings.byRule.reduce((sum, rule) => sum + rule.open, 0)).toBe(open.length);
    const accepted = cli.findings.findings.filter(({ status }) => status === 'accepted').length;
    expect([summary.findings.byStatus['accepted'] ?? 0, figure('accepted risks'), summary.trend.at(-1)!.accepted]).toEqual([
      accepted,
      accepted,
      accepted,
    ]);
  });

  test('of incidents: alive in the list and the summary, by cause in the list and the review', () => {
    const { cli, summary } = seen;
    const { incidents } = cli.incidents;
    const live = incidents.filter(isLive);
    expect(live.length).toBeGreaterThan(3);
    expect(summary.incidents.live).toBe(live.length);
    expect(bySeverity(summary.incidents.bySeverity)).toEqual(counted(live));
    const { byCause, list } = cli.review.incidents;
    const told = new Set(list.map(({ id }) => id));
    expect(live.filter(({ id }) => !told.has(id))).toEqual([]);
    for (const { cause, incidents: many, alive, denials } of byCause) {
      const of = incidents.filter(({ id, causes }) => told.has(id) && (causes[0]?.id ?? 'unexplained') === cause);
      expect([cause, many, alive, denials]).toEqual([
        cause,
        of.length,
        of.filter(isLive).length,
        of.reduce((sum, one) => sum + one.denials, 0),
      ]);
    }
  });

  test('of the review: the same document from the command line and the API', async () => {
    const { body } = await seen.ask(`/api/reviews/${seen.now.slice(0, 7)}`);
    expect(body).toEqual(seen.cli.review);
  });

  test('of the ten grants: those that the identity itself is shown with', async () => {
    const { grantsToNarrow } = seen.cli.review;
    expect(grantsToNarrow.length).toBe(10);
    for (const { assignmentId, role, scope, severity, identity } of grantsToNarrow) {
      const { body } = await seen.ask(`/api/identities/${identity.principalId}`);
      expect(body.identity.name).toBe(identity.name);
      expect(body.identity.holdings).toContainEqual(
        expect.objectContaining({ id: assignmentId, scope, severity, role: expect.objectContaining({ name: role }) }),
      );
    }
  });
});

describe('names and fix lines', () => {
  test('of each finding: the list, the API and its pages agree field by field', async () => {
    const listed: Finding[] = [];
    let cursor = '';
    do {
      const { body } = await seen.ask(
        `/api/findings?status=new,open,reopened,accepted&limit=40${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      listed.push(...(body.items as Finding[]));
      cursor = (body.cursor as string | undefined) ?? '';
    } while (cursor !== '');
    const byId = (list: readonly Finding[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(listed)).toEqual(byId(seen.cli.findings.findings));
    const [one] = seen.cli.findings.findings;
    const shown = JSON.parse(await seen.show(one!.id)) as { finding: Finding; history: unknown };
    const { body } = await seen.ask(`/api/findings/${one!.id}`);
    expect([(body as FindingDetail).finding, shown.finding]).toEqual([one, one]);
    expect((body as FindingDetail).history).toEqual(
      (shown.history as FindingDetail['history']).map((entry) => expect.objectContaining(entryOf(entry))),
    );
  });

  test('of each incident: the list, the API and the review', async () => {
    const { incidents } = seen.cli.incidents;
    for (const incident of incidents) expect((await seen.ask(`/api/incidents/${incident.id}`)).body.incident).toEqual(incident);
    const shown = JSON.parse(await seen.show(incidents[0]!.id)) as { incident: Incident };
    expect(shown.incident).toEqual(incidents[0]);
    for (const line of seen.cli.review.incidents.list) {
      const incident = incidents.find(({ id }) => id === line.id);
      expect([line.principalId, line.severity, line.status, line.denials, line.cause]).toEqual([
        incident?.principal.id,
        incident?.severity,
        incident?.status,
        incident?.denials,
        incident?.causes[0]?.id ?? 'unexplained',
      ]);
    }
  });

  test('of orphans and recreated identities in the review: the finding that stands behind each', () => {
    const { findings } = seen.cli.findings;
    const { orphans, recreated } = seen.cli.review;
    expect(orphans.length).toBeGreaterThan(0);
    for (const { findingId, name, severity, fix } of [...orphans, ...recreated]) {
      const finding = findings.find(({ id }) => id === findingId);
      expect([name, severity, fix]).toEqual([
        finding?.principal.name,
        finding?.severity,
        firstCommand(finding?.fix ?? []) || finding?.fix[0]?.text,
      ]);
    }
  });

  test('of each finding and incident: on its card and in its mail', async () => {
    const open = seen.cli.findings.findings.filter(isOpen);
    const oneOfEach = [...Map.groupBy(open, ({ rule }) => rule).values()].map(([first]) => first!);
    for (const finding of oneOfEach) {
      const { card, mail } = await told('finding', finding.id, finding.severity);
      const { principal, fix, title } = finding;
      for (const surface of [card, mail]) {
        expectSaid(surface, [plain(title), principal.name || principal.id]);
        expectCopied(surface, firstCommand(fix));
      }
    }
    for (const incident of seen.cli.incidents.incidents.filter(isLive)) {
      const { card, mail } = await told('incident', incident.id, incident.severity);
      const { principal, causes, denials } = incident;
      const expected = [principal.name || principal.id, causes[0]?.id.replaceAll('-', ' ') ?? '', String(denials)];
      const command = firstCommand(causes[0]?.fix ?? []);
      for (const surface of [card, mail]) {
        expectSaid(surface, expected);
        expectCopied(surface, command);
      }
    }
  }, 30_000);
});

describe('what could not be seen', () => {
  test('is the same in the list of runs, the API, the review and beside each message', async () => {
    const { cli, summary } = seen;
    expect([cli.findings.run.id, cli.findings.run.complete]).toEqual([summary.audit.runId, summary.audit.complete]);
    expect([cli.incidents.run.id, cli.incidents.run.complete]).toEqual([summary.watch.runId, summary.watch.complete]);
    const [grants] = await seen.store.runs(1, 'watch-grants');
    for (const [run, beside, coverage, gaps, about] of [
      [cli.findings.run, [], summary.audit, cli.review.coverage.gaps, 'finding'],
      [cli.incidents.run, gapsOf(grants!), summary.watch, cli.review.coverage.watchGaps, 'incident'],
    ] as const) {
      // A page and a review stand for both watches; a message about one incident for the watch that found it.
      const ownGaps = gapsOf(run);
      const expected = [...new Map([...ownGaps, ...beside].map((gap) => [JSON.stringify(gap), gap])).values()];
      expect(expected.some(({ harmless }) => harmless !== true)).toBe(true);
      expect(linesOf(coverage.gaps)).toEqual(linesOf(expected));
      expect(linesOf(gaps.filter(({ stands }) => stands))).toEqual(linesOf(expected));
      const [subject] = about === 'finding' ? cli.findings.findings.filter(isOpen) : cli.incidents.incidents.filter(isLive);
      const { context } = await told(about, subject!.id, subject!.severity);
      expect(linesOf(context.gaps)).toEqual(linesOf(ownGaps.filter(({ harmless }) => harmless !== true)));
      expect((await seen.ask(about === 'finding' ? '/api/findings' : '/api/incidents')).body.coverage).toEqual(coverage);
    }
  });
});

/** The command line prints the id of the finding on each line as well. */
const entryOf = ({ revision, at, kind, note, runId }: FindingDetail['history'][number]) => ({ revision, at, kind, note, runId });

type Gap = Coverage['gaps'][number];
const gapsOf = ({ coverage, logGaps = [] }: Run): readonly Gap[] => [
  ...coverage.flatMap((line) => (line.state === 'whole' ? [] : [{ ...line, state: line.state }])),
  ...logGaps,
];
const linesOf = (gaps: readonly Omit<Gap, 'harmless'>[]): readonly string[] =>
  gaps.map(({ slice, scope, state, why, permission }) => JSON.stringify([slice, scope, state, why, permission])).toSorted();

interface Told {
  readonly context: MessageContext;
  readonly card: readonly string[];
  readonly mail: readonly string[];
}

/** As the notifier does it, from the same store. */
async function told(about: 'finding' | 'incident', id: string, severity: Finding['severity']): Promise<Told> {
  const { store, now, portalUrl } = seen;
  const line = { about, subjectId: id, revision: 1, event: 'opened', severity, topic: '' } as const;
  const delivery: StoredDelivery = {
    id: 'one',
    channel: 'any',
    state: 'sending',
    because: 'alert',
    lines: [line],
    from: now,
    to: now,
    runIds: [],
    plannedAt: now,
    dueAt: now,
    attempts: 1,
    unanswered: 0,
  };
  const message = await composeMessage(store, delivery);
  const context = contextOf(delivery, { now, runs: await store.runs(20), subscriptions: await store.subscriptionNames(), portalUrl });
  const mail: Mail = await renderMail(message!, context);
  // An invisible letter keeps mail programs from making links of names.
  const letter = [mail.subject, mail.text, readable(mail.html)].map((text) => text.replaceAll('\u2060', ''));
  return { context, card: texts(JSON.parse(renderCard(message!, context))), mail: letter };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#39': "'" };
const readable = (html: string): string =>
  html.replace(/<[^>]*>/g, '').replace(/&(#?\w+);/g, (entity, name: string) => entities[name] ?? entity);

/** Every text of a card, each for itself: a command counts when it can be copied from one of them. */
const texts = (node: unknown): string[] =>
  typeof node !== 'object' || node === null
    ? []
    : Object.entries(node).flatMap(([key, value]) => (key === 'text' && typeof value === 'string' ? [value] : texts(value)));

function expectSaid(said: readonly string[], expected: readonly string[]): void {
  for (const words of expected)
    expect(
      said.filter((text) => text.toLowerCase().includes(words.toLowerCase())),
      `${words}\n--\n${said.join('\n')}`,
    ).not.toEqual([]);
}

/** Letter by letter. */
function expectCopied(said: readonly string[], command: string): void {
  expect(
    said.filter((text) => text.includes(command)),
    `${command}\n--\n${said.join('\n')}`,
  ).not.toEqual([]);
}

const firstCommand = (fix: Finding['fix']): string => fix.find(({ cli = '' }) => cli !== '')?.cli ?? '';

/** What of a title no message shortens: ids and places are told by name there. */
const plain = (title: string): string => title.split(/\/(?:subscriptions|providers)\/|[0-9a-f]{8}-|\d{4}-\d\d-/)[0]!.trim();
