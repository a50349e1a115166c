import { describe, expect, it } from 'vitest';
import { readCard } from './reading.ts';
import { context, digest, finding, withoutPage } from './samples.ts';

describe('a finding as a card', () => {
  it('says what is so, and how to undo it', () => {
    const { lines, commands, body, actions } = readCard(finding(), context);
    expect(lines.slice(0, 2)).toEqual([
      'Medium, new: Key Vault Secrets User on kv-pay belongs to nobody',
      'Principal 2222 is deleted and its grant stands.',
    ]);
    expect(body[0]?.style).toBe('warning');
    expect(commands.some((command) => command.startsWith('az role assignment delete --ids '))).toBe(true);
    expect(actions.map(({ url }) => url)).toEqual([
      'https://mi-audit.example/#/findings/orphaned-assignment-1f2e3d4c5b6a7980',
      expect.stringMatching(/\/vaults\/kv-pay$/),
      'https://mi-audit.example/#/rules/orphaned-assignment',
    ]);
  });

  it('says why an acceptance that expired had been given', () => {
    const { lines } = readCard(finding({}, 'acceptance-expired', 'Accepted until the move in November.'), context);
    expect(lines[0]).toMatch(/^Medium, acceptance expired: /);
    expect(lines).toContain('Noted: Accepted until the move in November.');
  });

  it('does not call fixed what a setting only hides', () => {
    const fixed = readCard(finding({ resolvedAt: context.now, resolvedBy: 'fixed' }, 'resolved'), context).lines;
    expect(fixed.slice(0, 2)).toEqual([
      'Resolved (was medium): Key Vault Secrets User on kv-pay belongs to nobody',
      'The rule was checked there and saw it no more. It was known for 2 days.',
    ]);
    const hidden = readCard(finding({ resolvedAt: context.now, resolvedBy: 'excluded' }, 'resolved'), context).lines;
    expect(hidden[1]).toMatch(/A setting now excludes it\. The problem may well stand/);
  });

  it('says when the latest run could not judge it', () => {
    const { lines } = readCard(finding({ unjudged: 'the vault could not be read' }), context);
    expect(lines).toContain('not judged in the latest run: the vault could not be read');
  });
});

describe('a digest as a card', () => {
  it.each([
    ['quiet-hours', 'held back in the quiet hours'],
    ['rate-cap', 'within an hour than this channel takes'],
    ['digest', 'one message for all changes of a run'],
  ] as const)('says how many it holds and why they come together: %s', (because, words) => {
    const { lines } = readCard(digest({ because }), context);
    expect(lines[0]).toBe('40 changes in one message: 1 high, 39 medium');
    expect(lines[1]).toContain(words);
    expect(lines[1]).toContain('From 2026-11-19 21:00 UTC to 2026-11-20 05:00 UTC.');
    expect(lines[2]).toBe('30 new, 10 resolved');
  });

  it('names the worst, and how many more there are and where', () => {
    const { lines, parts } = readCard(digest(), context);
    expect(lines).toContain('High, new: id-pay is refused by kv-pay');
    expect(lines).toContain('Resolved: kv-pay');
    expect(lines).toContain('and 38 more: All findings');
    expect(parts.filter(({ text }) => text === 'Open').map(({ selectAction }) => (selectAction as { url: string }).url)).toEqual([
      'https://mi-audit.example/#/incidents/incident-00aa',
      'https://mi-audit.example/#/findings/orphaned-assignment-1f2e3d4c5b6a7980',
    ]);
    const bare = readCard(digest(), withoutPage);
    expect(bare.lines).toContain('and 38 more: mi-audit findings');
    expect(bare.commands).toContain('mi-audit show incident-00aa');
    expect(bare.actions).toEqual([]);
  });

  it('counts the entries that it left out for room', () => {
    const [entry] = digest().entries;
    const entries = Array.from({ length: 60 }, () => ({ ...entry!, title: '身'.repeat(5_000), scope: `/x/${'身'.repeat(5_000)}` }));
    const { lines } = readCard(digest({ entries, total: 10_000 }), context);
    const named = lines.filter((line) => line.startsWith('High, new: ')).length;
    expect(named).toBeGreaterThan(3);
    expect(lines).toContain(`and ${10_000 - named} more: All findings`);
  });

  it('is calm when all of it is resolved', () => {
    expect(readCard(digest({ total: 10, byEvent: { resolved: 10 } }), context).body[0]?.style).toBe('good');
    expect(readCard(digest(), context).body[0]?.style).toBe('attention');
  });
});
