import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { notifyText } from '../../src/cli/output/notify-text.ts';
import { run } from '../../src/cli/run.ts';
import type { ChannelReport, MessageReport, NotifyReport } from '../../src/jobs/notify-report.ts';

const message = (part: Partial<MessageReport> = {}): MessageReport => ({
  reference: 'teams.incident-1.1',
  kind: 'incident',
  because: 'alert',
  changes: 1,
  subject: 'opened: id-app is refused by kv',
  dueAt: '2026-11-20T08:10:00.000Z',
  attempts: 0,
  unanswered: 0,
  why: '',
  ...part,
});
const report = (channel: Partial<ChannelReport>, part: Partial<NotifyReport> = {}): NotifyReport => ({
  schema: 'mi-audit/notify/v1',
  at: '2026-11-20T08:00:00.000Z',
  dryRun: false,
  channels: [{ channel: 'teams', configured: true, sent: [], waiting: [], undeliverable: [], ...channel }],
  changes: 2,
  unrouted: 0,
  nextDueAt: '',
  notes: [],
  ...part,
});
const textOf = (channel: Partial<ChannelReport>, part: Partial<NotifyReport> = {}): string =>
  notifyText(report(channel, part), { colours: false });

describe('what mi-audit notify prints', () => {
  it('says who got what, what waits and why, and what was given up', () => {
    const text = textOf({
      sent: [message()],
      waiting: [
        message({ kind: 'digest', because: 'quiet-hours', changes: 7, subject: '' }),
        message({ attempts: 2, unanswered: 1, why: 'no answer' }),
      ],
      undeliverable: [message({ attempts: 1, why: '404' })],
    });
    expect(text).toMatch(/sent {2}incident "opened: id-app is refused by kv"/);
    expect(text).toMatch(/waits .*digest of 7 \(quiet-hours\).*until 2026-11-20T08:10/);
    expect(text).toMatch(/tried 2 times, 1 of them without an answer: no answer/);
    expect(text).toMatch(/given up .*tried 1 time: 404\. Try again with --again\./);
    expect(text).toContain('may have arrived');
  });

  it('hides neither what no channel wants nor what waits for a channel that is gone', () => {
    const text = textOf({ configured: false, waiting: [message()] }, { unrouted: 3 });
    expect(text).toContain('3 of them no channel wants');
    expect(text).toContain('no longer name it');
  });

  it('lets no name write to the terminal', () => {
    expect(textOf({ sent: [message({ subject: 'a\u001b[31m\nb' })] })).not.toMatch(/\u001b|a.*\nb/);
  });
});

describe('mi-audit notify', () => {
  it('is bad usage where nobody is to be told', async () => {
    const [stdout, stderr] = [Object.assign(new PassThrough(), { columns: 80 }), new PassThrough()];
    const code = await run(['notify', '--store', '/nowhere'], { stdin: process.stdin, stdout, stderr: stderr as never, environment: {} });
    expect([code, String(stderr.read())]).toEqual([2, expect.stringContaining('TEAMS_WEBHOOK_URL')]);
  });
});
