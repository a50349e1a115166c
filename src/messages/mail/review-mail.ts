import { instant } from '../card/instants.ts';
import { place } from '../card/names.ts';
import type { Mail, MailAttachment } from '../mail.ts';
import type { MessageContext } from '../message.ts';
import { capital, csvOf, duration, grouped, monthWords, reviewHtml, sheetOf, type Review, type SheetId } from '../review/index.ts';
import { headersOf, subjectOf } from './headers.ts';
import { inert } from './inert.ts';
import type { MailText } from './mail-text.ts';
import { plainText } from './plain-text.ts';
import { htmlOf } from './render-mail.ts';
import { footer, repeatNotes, told } from './told.ts';
import { foreign } from './unlinked.ts';

/** Base64 adds a third, and Communication Services takes 10 MB for all of a mail. */
const attachmentBytesMax = 5_000_000;

/** Sections that come as CSV, the most wanted first: what no longer fits is named. */
const attached: readonly SheetId[] = [
  'grants',
  'orphans',
  'incidents',
  'changes',
  'exceptions',
  'controls',
  'coverage',
  'trend',
  'identities',
];

/** The monthly review as a mail: the figures to be read on a phone, the page and the lists attached. */
export async function renderReviewMail(review: Review, context: MessageContext): Promise<Mail> {
  const { attachments, left } = await attachmentsOf(review);
  const text = inert(reviewText(review, context, left));
  return {
    subject: subjectOf(text.subject),
    text: plainText(text),
    html: await htmlOf(text),
    headers: headersOf('review', context),
    attachments,
  };
}

async function attachmentsOf(
  review: Review,
): Promise<{ readonly attachments: readonly MailAttachment[]; readonly left: readonly string[] }> {
  const html: MailAttachment = {
    name: `mi-audit-review-${review.month}.html`,
    contentType: 'text/html; charset=utf-8',
    content: await reviewHtml(review),
  };
  const attachments: MailAttachment[] = [html];
  const left: string[] = [];
  let room = attachmentBytesMax - html.content.length;
  for (const id of attached) {
    const csv = csvUpTo(review, id, room);
    if (csv === undefined) {
      left.push(`${id}.csv`);
      continue;
    }
    room -= csv.length;
    attachments.push({ name: `${review.month}-${id}.csv`, contentType: 'text/csv; charset=utf-8', content: csv });
  }
  return { attachments, left };
}

function csvUpTo(review: Review, id: SheetId, bytesMax: number): string | undefined {
  const parts: string[] = [];
  let size = 0;
  for (const part of csvOf(sheetOf(review, id))) {
    size += part.length;
    if (size > bytesMax) return undefined;
    parts.push(part);
  }
  return parts.join('');
}

function reviewText(review: Review, context: MessageContext, left: readonly string[]): MailText {
  const { coverage, since, grantsToNarrow, incidents, exceptions, identities, resolveTimes } = review;
  const blind = coverage.audits.daysWithout.length + coverage.audits.daysIncomplete.length;
  const figure = (name: string): string => since.lines.find((line) => line.name === name)?.now.toString() ?? 'not known';
  const month = monthWords(review.month);
  const open = rulesOpen(review);
  const resolved = resolveTimes.filter(({ n }) => n > 0);
  return {
    subject: `[mi-audit] Review of ${month}: ${figure('open findings')} open findings, ${figure('critical')} critical, ${blind === 0 ? 'every day seen' : `${blind} of ${coverage.days} days not fully seen`}`,
    preview: `What was and was not seen, what changed, and what to narrow first.`,
    tone: Number(figure('critical')) > 0 ? 'critical' : Number(figure('high')) > 0 ? 'high' : 'info',
    headline: `Managed identities, ${month}`,
    reason: `${figure('open findings')} findings are open: ${figure('critical')} critical, ${figure('high')} high. ${review.changes.new.length} came, ${review.changes.resolved.length} were resolved, ${review.changes.reopened.length} came back, ${review.changes.accepted.length} risks were accepted.`,
    notes: [...review.notes.map((note) => told(note, context, 500)), ...repeatNotes(context)],
    facts: [],
    parts: [
      {
        kind: 'table',
        title: since.month === undefined ? 'Key figures' : `Key figures, against ${monthWords(since.month)}`,
        columns: since.month === undefined ? ['Figure', 'Now'] : ['Figure', 'Then', 'Now'],
        rows: since.lines.map(({ name, before, now }) =>
          since.month === undefined
            ? [capital(name), grouped(now)]
            : [capital(name), before < 0 ? 'not known' : grouped(before), grouped(now)],
        ),
        end: since.month === undefined ? [1] : [1, 2],
      },
      ...(resolved.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              title: 'Mean time to resolve',
              columns: ['Severity', 'Resolved', 'Mean'],
              rows: resolved.map(({ severity, n, meanHours }) => [severity, String(n), duration(meanHours)]),
              end: [1, 2],
            },
          ]),
      ...(grantsToNarrow.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              title: 'Grants to narrow first',
              columns: ['Severity', 'Identity', 'Role', 'Where'],
              rows: grantsToNarrow.map(({ severity, identity, role, scope }) => [
                severity,
                foreign(identity.name, 160),
                foreign(role, 160),
                foreign(place(scope, context), 300),
              ]),
              end: [],
            },
          ]),
      ...(incidents.byCause.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              title: 'Incidents by cause',
              columns: ['Cause', 'Incidents', 'Alive', 'Mean time'],
              rows: incidents.byCause
                .slice(0, 12)
                .map(({ cause, incidents: count, alive, meanHours }) => [
                  foreign(cause, 80),
                  grouped(count),
                  grouped(alive),
                  duration(meanHours) || 'none resolved',
                ]),
              end: [1, 2, 3],
            },
          ]),
      ...(exceptions.length === 0
        ? []
        : [
            {
              kind: 'lines' as const,
              title: 'Accepted risks that end within 60 days',
              lines: exceptions
                .slice(0, 15)
                .map(
                  ({ until, title, rule, reason }) =>
                    `${until.slice(0, 10)}: ${told(title || rule, context, 240)} (${told(reason, context, 200)})`,
                ),
            },
          ]),
      {
        kind: 'lines',
        title: 'Attached',
        lines: [
          `The whole review as one page, and its lists as CSV${identities.known ? `: every role of ${grouped(identities.total)} identities` : ''}.`,
          ...(left.length === 0
            ? []
            : [`Too large for a mail: ${left.join(', ')}. mi-audit review --month ${review.month} --out FOLDER writes all of them.`]),
        ],
      },
    ],
    coverage: {
      whole: blind === 0 && open === '',
      text:
        blind === 0 && open === ''
          ? `Coverage: on each of ${coverage.days} days an audit finished and saw everything that its rules rest on.`
          : `Not seen: ${blind} of ${coverage.days} days without a complete audit${open}. What was not seen is not in these figures.`,
    },
    links: [],
    more: [`mi-audit review --month ${review.month}`],
    footer: [`Made ${instant(review.generatedAt)} for ${review.month}.`, ...footer(context)],
  };
}

function rulesOpen({ coverage }: Review): string {
  const open = coverage.rules.filter(({ latest }) => latest === 'inconclusive');
  return open.length === 0
    ? ''
    : `; ${open.length} rules without a verdict (${open
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')}${open.length > 5 ? ', …' : ''})`;
}
