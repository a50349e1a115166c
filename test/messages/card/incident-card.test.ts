import { describe, expect, it } from 'vitest';
import { readCard } from './reading.ts';
import { context, grant, incident, withoutPage } from './samples.ts';

const gap = {
  slice: 'roleAssignments',
  scope: '/',
  state: 'missing',
  why: '403.',
  permission: 'Microsoft.Authorization/roleAssignments/read',
} as const;
const [cause] = incident().incident.causes;

describe('an incident as a card', () => {
  it('says in its first two lines who fails, on what, since when, why, and what to type', () => {
    const { lines, fallbackText, body } = readCard(incident(), context);
    expect(lines.slice(0, 3)).toEqual([
      'High, opened: id-pay is refused by kv-pay, since 05:00 UTC (2 h 59 min ago)',
      'Missing role (likely): id-pay holds no role that allows the call on kv-pay. Type:',
      grant,
    ]);
    expect(body[0]?.style).toBe('attention');
    expect(fallbackText).toBe(`${lines[0]} ${lines[1]}`);
  });

  it('says in words what to do where no command helps', () => {
    const { lines } = readCard(incident({ causes: [{ ...cause!, fix: [{ text: 'Ask the owner of the tenant.' }] }] }), context);
    expect(lines[1]).toBe('Missing role (likely): id-pay holds no role that allows the call on kv-pay. Do: Ask the owner of the tenant.');
  });

  it('says how far it has grown', () => {
    expect(readCard(incident({ denials: 412 }, 'grown'), context).lines[0]).toMatch(
      /^High, grown to 412 refusals: id-pay is refused by kv-pay/,
    );
  });

  it('says what resolved it and how long it took, and gives nothing to type any more', () => {
    const ended = { resolvedAt: '2026-11-20T07:58:00.000Z', resolvedBy: 'the call is allowed again' };
    const { lines, body, commands } = readCard(incident(ended, 'resolved'), context);
    expect(lines[0]).toBe('Resolved (was high): id-pay is no longer refused by kv-pay');
    expect(lines[1]).toBe(
      'What ended it: the call is allowed again. Calls were refused for 2 h 53 min; closed 07:58 UTC, 2 h 57 min after the first.',
    );
    expect(body[0]?.style).toBe('good');
    expect(commands).not.toContain(grant);
  });

  it('does not claim to know the caller when it is inferred', () => {
    expect(readCard(incident({ attribution: 'inferred' }), context).lines[0]).toContain('probably id-pay');
    const nobody = { id: '', kind: 'unknown', name: '', resourceId: '', clientId: '' };
    expect(readCard(incident({ principal: nobody }), context).lines[0]).toContain('A caller that the log does not name');
  });

  it('says what was not seen, and says so when all was', () => {
    expect(readCard(incident(), context).lines).toContain('Coverage: this run saw everything it asked for.');
    const { lines } = readCard(incident(), { ...context, gaps: [gap, gap, gap, gap, gap] });
    expect(lines).toContain(
      'Not seen: role assignments; role assignments; role assignments; and 2 more. What is wrong there is not in this message. How to close it: mi-audit doctor',
    );
    expect(lines).toContain('role assignments in the whole tenant: 403. Needs Microsoft.Authorization/roleAssignments/read.');
  });

  it('links to the incident, the resource and the runbook', () => {
    expect(readCard(incident(), context).actions.map(({ title, url }) => [title, url])).toEqual([
      ['Incident', 'https://mi-audit.example/#/incidents/incident-00aa'],
      [
        'Azure portal',
        'https://portal.azure.com/#@6babcaad-604b-40ac-a9d7-9fd97c0b779f/resource/subscriptions/0b1f6471-1bf0-4dda-aec3-111122223333/resourceGroups/rg-pay/providers/Microsoft.KeyVault/vaults/kv-pay',
      ],
      ['Runbook', 'https://mi-audit.example/#/causes/missing-role'],
    ]);
  });

  it('names the commands instead where there is no page', () => {
    const { actions, commands } = readCard(incident(), withoutPage);
    expect(actions.map(({ title }) => title)).toEqual(['Azure portal']);
    expect(commands).toEqual(expect.arrayContaining(['mi-audit show incident-00aa', 'mi-audit explain missing-role']));
  });

  it('does not send anybody to another place of the portal than the resource', () => {
    for (const id of ['/subscriptions/x/../y', '/subscriptions/x//y', 'https://evil.example/', '/providers/x', ''])
      expect({ id, actions: readCard(incident({ targets: [id] }), withoutPage).actions }).toEqual({ id, actions: [] });
    const [link] = readCard(incident({ targets: ['/subscriptions/x/a b#/c?d'] }), withoutPage).actions;
    expect(link?.url).toMatch(/\/resource\/subscriptions\/x\/a%20b%23\/c%3Fd$/);
  });

  it('folds away what was ruled out, the checks and the less likely causes', () => {
    const { parts } = readCard(incident(), context);
    const toggles = parts.filter(({ type }) => type === 'Action.ToggleVisibility');
    expect(toggles.map(({ title }) => title)).toEqual(['Checks (1)', 'Ruled out (1)']);
    for (const { targetElements } of toggles) expect(parts.find(({ id }) => id === (targetElements as string[])[0])?.isVisible).toBe(false);
  });

  it('warns of a message that may be there already, by its reference', () => {
    const isWarning = (line: string): boolean => line.startsWith('You may have this already');
    expect(readCard(incident(), context).lines.some(isWarning)).toBe(false);
    expect(readCard(incident(), { ...context, attempt: 3 }).lines.find(isWarning)).toContain('incident-00aa.1');
  });

  it('prints a command whole or names where it is, never a part or a likeness of it', () => {
    const unfit = [
      `az x ${'y'.repeat(4_000)}`,
      'az x --name "a  b"',
      'az x\naz y',
      'az x \u202e',
      "az x '{{DATE(2026-11-20T08:00:00Z)}}'",
      "az x '<at>all</at>'",
    ];
    for (const cli of unfit) {
      const { commands, lines } = readCard(incident({ causes: [{ ...cause!, fix: [{ text: 'Do it.', cli }] }] }), context);
      expect(commands.filter((one) => one.startsWith('az x'))).toEqual([]);
      expect(lines).toContain('The command does not fit here unchanged. Read it in full with mi-audit show incident-00aa');
    }
    const awkward = `az x --scope '/a_b/*c*/[d](e)' --tags "$x" \\ \`z\` #1 <y> | tee`;
    expect(readCard(incident({ causes: [{ ...cause!, fix: [{ text: 'Do it.', cli: awkward }] }] }), context).commands).toContain(awkward);
  });

  it('gives up evidence first, and says how much and where it is', () => {
    const evidence = Array.from({ length: 9 }, (_, at) => ({ label: `proof ${at}`, value: '身'.repeat(300), source: 'logs' as const }));
    const few = readCard(incident({ causes: [{ ...cause!, evidence }] }), context).lines;
    expect(few).toContain('and 4 more, left out here: mi-audit show incident-00aa');
    const ruledOut = Array.from({ length: 60 }, (_, at) => ({ id: `cause-${at}`, why: '身'.repeat(300) }));
    const check = Array.from({ length: 5 }, () => `az x --ids ${'y'.repeat(2_500)}`);
    const none = readCard(incident({ causes: [{ ...cause!, evidence, check }], ruledOut }), context).lines;
    expect(none).toContain('9 more, left out here: mi-audit show incident-00aa');
    expect(none).toContain(check[0]);
    expect(none).toContain(grant);
  });
});
