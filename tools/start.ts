import { request } from 'node:https';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHouse, type House } from '../src/compose.ts';
import { readSettings, type Settings } from '../src/config/index.ts';
import { auditEstate } from '../src/jobs/audit-estate.ts';
import type { AuditReport } from '../src/jobs/audit-report.ts';
import type { NotifyReport } from '../src/jobs/notify-report.ts';
import { notify } from '../src/jobs/notify.ts';
import { watch as watchOnce } from '../src/jobs/watch.ts';
import type { WatchReport } from '../src/jobs/watch-report.ts';
import { auditTable } from '../src/cli/output/audit-table.ts';
import { headline } from '../src/cli/output/incident-text.ts';
import { paintWith } from '../src/cli/output/paint.ts';
import { oneLine } from '../src/cli/output/plain-text.ts';
import { openTerminal } from '../src/cli/terminal.ts';
import { renderCard, renderMail } from '../src/messages/index.ts';
import { defaultRuleSettings, rules } from '../src/rules/index.ts';
import { writeContoso, type Planted } from '../src/sandbox/generate/index.ts';
import { startSandbox, type Received } from '../src/sandbox/index.ts';

/**
 * `npm start`: the audit of a made-up tenant, from sign-in to storage, without an Azure account. Three audits show how findings live: the first finds
 * what was planted, the second has nothing new to say, and after one printed fix was applied the third resolves its finding. Then one pass of the watch names the causes of the refused calls in contoso's logs, and people are told of all of it.
 */
const terminal = openTerminal({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  quiet: false,
});
const paint = paintWith(terminal.colours);
/** Grants just made are seen by the watch, in the Activity Log. */
const grantsRule = 'broad-grant-made';
const titlesMax = 5;
const startedMs = performance.now();

const folder = await mkdtemp(join(tmpdir(), 'mi-audit-start-'));
const planted = await writeContoso(folder);
const sandbox = await startSandbox({ worldDir: folder });
// Azure's identity library looks for the identity endpoint in the process's own environment.
Object.assign(process.env, sandbox.environment);
try {
  process.exitCode = await show();
} finally {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
}

async function show(): Promise<number> {
  heading('contoso, a made-up tenant');
  say(
    `A loopback Azure on this machine serves it (${paint.faint(sandbox.environment['CLOUD_RESOURCE_MANAGER_URL'] ?? '')}). Credential, clients, queries and table`,
  );
  say('storage are the real ones; no Azure account is involved. Its clock stands at ' + sandbox.now + '.');

  heading('1. The first audit');
  const first = await audit();
  say(auditTable(first, terminal));

  heading('2. What was planted, and what was found');
  const missed = tellPlanted(first.findings, (rule) => rule !== grantsRule);

  heading('3. A second audit of the same tenant');
  const second = await audit();
  const quiet = second.summary.new === 0 && second.summary.resolved === 0 && second.summary.reopened === 0;
  say(
    `${quiet ? paint.good('Nothing new.') : paint.bad('It changed its mind.')} ${second.summary.new} new, ${second.summary.resolved} resolved: findings keep their identity between runs.`,
  );

  heading('4. One fix, as printed');
  const resolved = await fixOne(second);

  heading('5. One pass of the watch');
  const pass = await watch();
  const unexplained = tellIncidents(pass) + tellPlanted(pass.grants, (rule) => rule === grantsRule);

  heading('6. Told');
  const untold = await tell(pass);

  heading('Next');
  say(
    `  ${paint.command('npm run --silent mi-audit -- audit --world contoso --format json')}   the same as JSON (also csv, sarif, markdown)`,
  );
  say(`  ${paint.command('npm run --silent mi-audit -- explain orphaned-assignment')}           what a rule decides, and why`);
  say(
    `  ${paint.command('npm run --silent mi-audit -- watch --world contoso')}                 the incidents in full: evidence, checks, ruled out`,
  );
  say(
    `  ${paint.command('npm run serve')}                                                      the page over this tenant, in your browser`,
  );
  say(
    `  ${paint.command('npm run preview')}                                                    every card, mail and the review, as files and pictures`,
  );
  say(`  ${paint.command('npm run --silent mi-audit -- sandbox')}                               serve contoso to the Azure CLI`);
  say(`  ${paint.command('CREDENTIAL=azure-cli npm run --silent mi-audit -- audit --store .mi-audit')}   your own tenant (reads only)`);
  say(paint.faint(`\nDone in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`));
  return missed === 0 && quiet && resolved && unexplained === 0 && untold === 0 ? 0 : 1;
}

async function inHouse<Answer>(work: (house: House, settings: Settings) => Promise<Answer>): Promise<Answer> {
  const read = readSettings({ ...process.env, AUDIT_NOW: sandbox.now });
  if (!('settings' in read)) throw new Error(read.problems.map(({ setting, text }) => `${setting} ${text}`).join('; '));
  const house = openHouse(read.settings, (line) => terminal.progress(line));
  try {
    return await work(house, read.settings);
  } finally {
    await house.close();
    terminal.progress('');
  }
}

function progress(line: string): void {
  terminal.progress(line);
}

function audit(): Promise<AuditReport> {
  return inHouse(async (house, settings) => {
    const store = await house.keptStore();
    const { now, holder } = house;
    return auditEstate({ source: house.source(), store, settings, rules, now, holder, dryRun: false, progress });
  });
}

function watch(): Promise<WatchReport> {
  return inHouse(async (house, settings) => {
    const store = await house.keptStore();
    const { now, holder } = house;
    const request = { ...house.logs(), source: house.source(), store, settings, now, holder, calls: () => house.calls() };
    return watchOnce({ ...request, dryRun: false, progress });
  });
}

function notifyAll(): Promise<NotifyReport> {
  return inHouse(async (house, settings) => {
    const store = await house.keptStore();
    const { now, holder, portalUrl } = house;
    const messenger = house.messenger.bind(house);
    const render = { renderCard, renderMail };
    return notify({ store, channels: settings.channels, messenger, render, portalUrl, now, holder, dryRun: false, progress });
  });
}

/** What the notifier says it sent, held against what the sandbox's channel and mailbox got. Answers how much of it is missing. */
async function tell({ incidents }: WatchReport): Promise<number> {
  const report = await notifyAll();
  const got = await sandbox.received();
  sayPosts(got);
  sayMails(got);
  const again = await notifyAll();
  const after = await sandbox.received();
  const sent = (channel: string): number => report.channels.find((one) => one.channel === channel)?.sent.length ?? 0;
  const stuck = report.channels.reduce((sum, { waiting, undeliverable }) => sum + waiting.length + undeliverable.length, 0);
  const text = JSON.stringify(got.posts);
  const unnamed = incidents.filter(({ id }) => !text.includes(id));
  const problems = [
    ...(got.posts.length === sent('teams') && got.mails.length === sent('email') ? [] : ['what was sent is not what arrived']),
    ...(stuck === 0 ? [] : [`${stuck} messages wait`]),
    ...(unnamed.length === 0 ? [] : [`${unnamed.length} incidents are on no card`]),
    ...(after.posts.length === got.posts.length && after.mails.length === got.mails.length && again.changes === 0
      ? []
      : ['a second round told something twice']),
  ];
  say('');
  say(
    problems.length === 0
      ? `${paint.good('ok ')} ${report.changes} changes told: each message arrived once, and a second round had nothing to say`
      : paint.bad(`not told: ${problems.join('; ')}`),
  );
  return problems.length;
}

function sayPosts({ posts }: Received): void {
  const largest = Math.max(0, ...posts.map(({ bytes }) => bytes));
  say(`${paint.strong('Teams')}: ${posts.length} cards, the largest ${kilobytes(largest)} of the 28 KB that Teams takes.`);
  sayTitles(posts.map(({ card }) => titleOf(card)));
}

function sayMails({ mails }: Received): void {
  const to = [...new Set(mails.flatMap((mail) => mail.to))].join(', ');
  const largest = Math.max(0, ...mails.map(({ raw }) => raw.byteLength));
  say(`${paint.strong('Mail')}: ${mails.length} mails to ${oneLine(to)}, by SMTP, the largest ${kilobytes(largest)}.`);
  sayTitles(mails.map(({ subject }) => subject));
}

function sayTitles(titles: readonly string[]): void {
  for (const title of titles.slice(0, titlesMax)) {
    // Word joiners keep mail programs from making links of names; on a terminal they are noise.
    const text = oneLine(title.replaceAll('\u2060', ''));
    say(`  ${text.length > 96 ? `${text.slice(0, 95)}…` : text}`);
  }
  if (titles.length > titlesMax) say(paint.faint(`  and ${titles.length - titlesMax} more`));
}

function titleOf(card: Readonly<Record<string, unknown>>): string {
  return typeof card['fallbackText'] === 'string' ? card['fallbackText'] : '';
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

/** Each planted burst beside the cause that was found. Answers how many were missed, or were opened although nothing was wrong. */
function tellIncidents({ incidents, denials }: WatchReport): number {
  for (const incident of incidents) {
    const [best] = incident.causes;
    for (const line of headline(incident, paint)) say(line);
    say(`  ${paint.strong(best?.id ?? 'no cause')} (${best?.confidence ?? ''}): ${oneLine(best?.why ?? '')}`);
    const [step] = best?.fix ?? [];
    if (step !== undefined) say(`  ${oneLine(step.text)}${step.cli === undefined ? '' : `\n  ${paint.command(`$ ${oneLine(step.cli)}`)}`}`);
    say('');
  }
  const benign = denials.benign.reduce((sum, { count }) => sum + count, 0);
  say(paint.faint(`${denials.count} refused calls; ${benign} benign and ${denials.ofPeople} of people counted, not alerted.`));
  const bursts = planted.filter(({ expect }) => expect === 'incident');
  const calm = planted.filter(({ expect }) => expect === 'calm');
  const missed = bursts.filter(
    ({ problem, subject }) =>
      !incidents.some(({ principal, causes }) => principal.id === subject.toLowerCase() && causes[0]?.id === problem),
  );
  const alarmed = calm.filter(({ subject }) => incidents.some(({ principal }) => principal.id === subject.toLowerCase()));
  say(
    missed.length + alarmed.length === 0
      ? `${paint.good('ok ')} ${bursts.length} of ${bursts.length} bursts named by their cause, ${calm.length} look-alikes paged nobody`
      : paint.bad(`missed: ${[...missed, ...alarmed].map(({ note }) => oneLine(note)).join('; ')}`),
  );
  return missed.length + alarmed.length;
}

/** The generator knows what it planted: the audit is held against that. Answers how many expectations were missed. */
function tellPlanted(findings: AuditReport['findings'], wanted: (rule: string) => boolean): number {
  const ruleOf = ({ problem }: Planted): string => problem.replace('look-alike of ', '');
  const on = new Set(rules.filter(({ enabled }) => enabled?.(defaultRuleSettings) !== false).map(({ id }) => id));
  const known = planted.filter(
    (one) => one.setting === undefined && on.has(ruleOf(one)) && wanted(ruleOf(one)) && one.expect !== 'incident' && one.expect !== 'calm',
  );
  const found = (one: Planted): boolean =>
    findings.some(({ rule, subject }) => rule === ruleOf(one) && subject.toLowerCase() === one.subject.toLowerCase());
  const missed = known.filter((one) => found(one) !== (one.expect !== 'silent'));
  for (const [rule, ones] of [...Map.groupBy(known, ruleOf)].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const problems = ones.filter(({ expect }) => expect !== 'silent');
    const silent = ones.length - problems.length;
    const bad = ones.filter((one) => missed.includes(one));
    say(
      `  ${bad.length === 0 ? paint.good('ok ') : paint.bad('no ')} ${rule.padEnd(34)} ${String(problems.filter(found).length).padStart(2)} of ${problems.length} found, ${silent} look-alike${silent === 1 ? '' : 's'} ${bad.length === 0 ? 'silent' : 'planted'}`,
    );
    for (const { expect, note } of bad)
      say(`      ${paint.bad(expect === 'silent' ? 'found, but it is none' : 'missed')}: ${oneLine(note)}`);
  }
  return missed.length;
}

async function fixOne(report: AuditReport): Promise<boolean> {
  const orphan = report.findings.find(
    ({ rule, fix }) => rule === 'orphaned-assignment' && fix.some(({ cli = '' }) => cli.startsWith('az role assignment delete ')),
  );
  if (orphan === undefined) {
    say(paint.warning('No orphaned assignment was found to fix.'));
    return false;
  }
  say(`${paint.severity(orphan.severity)}  ${oneLine(orphan.title)}`);
  for (const { text, cli } of orphan.fix) say(`  ${oneLine(text)}${cli === undefined ? '' : `\n  ${paint.command(`$ ${oneLine(cli)}`)}`}`);
  say(paint.faint(`  (sent to the loopback ARM as the Azure CLI would send it: ${await deleteOverArm(orphan.subject)})`));
  const third = await audit();
  const resolved = third.findings.some(({ id, status }) => id === orphan.id && status === 'resolved');
  say(
    resolved
      ? `${paint.good('Resolved.')} The third audit saw the assignment no more: ${third.summary.resolved} resolved, ${third.summary.new} new.`
      : paint.bad('The third audit still reports it.'),
  );
  return resolved;
}

/** The product itself only reads, so the fix is a request of this script: what `az role assignment delete --ids` sends. */
async function deleteOverArm(id: string): Promise<string> {
  const { environment } = sandbox;
  const arm = environment['CLOUD_RESOURCE_MANAGER_URL'] ?? '';
  const tokenUrl = `${environment['IDENTITY_ENDPOINT']}?resource=${encodeURIComponent(arm)}&api-version=2019-08-01`;
  const token = (await (await fetch(tokenUrl, { headers: { 'X-IDENTITY-HEADER': environment['IDENTITY_HEADER'] ?? '' } })).json()) as {
    access_token: string;
  };
  const ca = await readFile(environment['CLOUD_CA_FILE'] ?? '', 'utf8');
  return new Promise((resolve, reject) => {
    const call = request(
      `${arm}${id}?api-version=2022-04-01`,
      { method: 'DELETE', ca, headers: { authorization: `Bearer ${token.access_token}` } },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(`DELETE, ${answer.statusCode}`));
      },
    );
    call.on('error', reject).end();
  });
}

function heading(text: string): void {
  say(`\n${paint.strong(text)}\n${paint.faint('─'.repeat(Math.min(terminal.columns, 100)))}`);
}

function say(text: string): void {
  terminal.print(text);
}
