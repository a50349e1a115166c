import { mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { auditEstate } from '../../jobs/audit-estate.ts';
import { keepReview, NoSuchMonth, reviewOfMonth } from '../../jobs/build-review.ts';
import { watch } from '../../jobs/watch.ts';
import {
  csvOf,
  monthBefore,
  monthOf,
  reviewHtml,
  reviewJson,
  reviewMarkdown,
  sheetIds,
  sheetOf,
  type Review,
  type SheetId,
} from '../../messages/review/index.ts';
import { rules } from '../../rules/index.ts';
import { exitCode } from '../exit-code.ts';
import { withWorld, type CommonOptions } from '../options.ts';
import type { Door } from '../run.ts';
import { inSession, type Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../trouble.ts';

const formats = ['html', 'markdown', 'json', 'csv'] as const;
type ReviewFormat = (typeof formats)[number];

interface ReviewOptions extends Omit<CommonOptions, 'format'> {
  readonly month?: string;
  readonly format: ReviewFormat;
  readonly section: SheetId;
  readonly out?: string;
}

export function reviewCommand(door: Door): Command {
  return withWorld(new Command('review').description('render the monthly review from what is stored'))
    .addOption(new Option('--month <month>', 'such as 2026-10 (default: the month that ended last)').argParser(month))
    .addOption(new Option('--format <format>', 'how to print').choices([...formats]).default('html'))
    .addOption(new Option('--section <section>', 'which section to print as CSV').choices([...sheetIds]).default('identities'))
    .option('--out <where>', 'write to that file; a folder gets every format, and one CSV file per section')
    .option('-q, --quiet', 'print the answer only')
    .option('--debug', 'print stack traces')
    .action(async (options: ReviewOptions) => {
      const terminal = door.terminal(options);
      const review = await makeReview(options, terminal);
      terminal.progress('');
      if (options.out === undefined) for (const part of await partsOf(review, options)) terminal.print(part);
      else for (const file of await writeOut(review, options, options.out)) terminal.note(`Wrote ${file}.`);
      const seen = review.coverage.latest?.complete === true && review.coverage.audits.daysWithout.length === 0;
      if (!seen) terminal.note('Incomplete: days or slices of this month were not seen; the section Coverage names them.');
      door.exit(seen ? exitCode.clean : exitCode.incomplete);
    });
}

function makeReview(options: ReviewOptions, terminal: Terminal): Promise<Review> {
  return inSession({ ...options, format: 'json' }, terminal, async (session) => {
    const store = await session.house.keptStore();
    const fresh = options.world !== undefined && (await store.runs(1)).length === 0;
    // A world that nobody audited has no history: one audit and one pass of the watch, so that its review says something.
    if (fresh) await lookOnce(session, terminal);
    const now = session.now();
    const month = options.month ?? (fresh ? monthOf(now) : monthBefore(now));
    const request = { store, month, now, rules, progress: (line: string) => terminal.progress(line) };
    const review = await reviewOfMonth(request).catch((error: unknown) => {
      throw error instanceof NoSuchMonth ? new UsageError(error.message, { cause: error }) : error;
    });
    await keepReview(store, review);
    return review;
  });
}

async function lookOnce({ house, settings, now }: Session, terminal: Terminal): Promise<void> {
  const store = await house.keptStore();
  const request = { store, settings, now, holder: house.holder, dryRun: false, progress: (line: string) => terminal.progress(line) };
  await auditEstate({ ...request, source: house.source(), rules });
  await watch({ ...request, ...house.logs(), source: house.source(), calls: () => house.calls() });
}

async function partsOf(review: Review, { format, section }: Pick<ReviewOptions, 'format' | 'section'>): Promise<Iterable<string>> {
  switch (format) {
    case 'html':
      return [await reviewHtml(review)];
    case 'markdown':
      return [reviewMarkdown(review)];
    case 'json':
      return reviewJson(review);
    case 'csv':
      return csvOf(sheetOf(review, section));
  }
}

const extensions = { html: 'html', markdown: 'md', json: 'json', csv: 'csv' } as const satisfies Record<ReviewFormat, string>;

async function writeOut(review: Review, options: ReviewOptions, out: string): Promise<readonly string[]> {
  if (!(await isFolder(out))) {
    await writeParts(out, await partsOf(review, options));
    return [out];
  }
  await mkdir(out, { recursive: true });
  const files: string[] = [];
  const write = async (name: string, parts: Iterable<string>): Promise<void> => {
    await writeParts(join(out, name), parts);
    files.push(join(out, name));
  };
  for (const format of ['html', 'markdown', 'json'] as const)
    await write(`review-${review.month}.${extensions[format]}`, await partsOf(review, { ...options, format }));
  for (const section of sheetIds) await write(`${section}.csv`, csvOf(sheetOf(review, section)));
  return files;
}

/** A name without an extension, or a folder that is there. */
async function isFolder(out: string): Promise<boolean> {
  const there = await stat(out).catch(() => undefined);
  return there?.isDirectory() ?? !/\.[a-z]+$/i.test(out);
}

/** It holds who may do what in a tenant: for the one who asked. */
async function writeParts(file: string, parts: Iterable<string>): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    for (const part of parts) await handle.write(part);
  } finally {
    await handle.close();
  }
}

function month(given: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(given)) throw new InvalidArgumentError('It must be a month such as 2026-10.');
  return given;
}
