import { describe, expect, it } from 'vitest';
import { openAccess } from '../../src/access/index.ts';
import type { Estate } from '../../src/estate/index.ts';
import {
  defaultRuleSettings,
  judge,
  type Judgement,
  type Memory,
  type Rule,
  type RuleSettings,
  type Violation,
} from '../../src/rules/index.ts';
import { parseAz } from './az-line.ts';
import { guardedAccess, guardedEstate } from './guarded-estate.ts';
import { poisoned } from './hostile.ts';

export interface Case {
  readonly name: string;
  readonly estate: Estate;
  readonly settings?: Partial<RuleSettings>;
  readonly memory?: Partial<Memory>;
  readonly now?: string;
}

export interface Firing extends Case {
  /** The violations, in the order of their subject and aspect; each may name only the fields it is about. */
  readonly violations: readonly Partial<Violation>[];
  /** Words that must stand in what people read (title, message or a fix). */
  readonly says?: readonly (string | RegExp)[];
}

export interface Blind extends Case {
  readonly because: RegExp;
}

/**
 * One rule's test: estates on which it fires, look-alikes on which it must stay silent *although it was checked*, and estates on which it
 * must not answer at all. Each firing case is judged a second time with hostile names in place of `app`: it must fire as often, and every
 * printed line must carry those names as one word.
 */
export function ruleTable(
  rule: Rule,
  cases: { readonly fires: readonly Firing[]; readonly silent: readonly Case[]; readonly inconclusive?: readonly Blind[] },
): void {
  describe(`rule ${rule.id}`, () => {
    it('has a case that fires and a look-alike that must not', () => {
      expect(cases.fires.length).toBeGreaterThan(0);
      expect(cases.silent.length).toBeGreaterThan(0);
    });

    it.each(cases.fires)('fires: $name', (each) => {
      const { violations, verdicts } = judgeCase(rule, each);
      expect(verdicts).toMatchObject([{ id: rule.id, verdict: 'checked' }]);
      expect(sorted(violations)).toMatchObject(each.violations);
      const text = violations.map(readable).join('\n');
      expect(text).not.toMatch(/!(\s|$)/m);
      for (const words of each.says ?? []) expect(text).toMatch(words);
      for (const violation of violations) expectSound(violation, rule);
    });

    it.each(cases.fires)('prints lines that hostile names cannot break: $name', (each) => {
      for (const name of hostileNames) {
        const { violations } = judgeCase(rule, {
          ...each,
          estate: poisoned(each.estate, name),
          ...(each.memory === undefined ? {} : { memory: poisoned(each.memory, name) }),
        });
        expect(violations).toHaveLength(each.violations.length);
        for (const violation of violations) expectSound(violation, rule);
      }
    });

    it.each(cases.silent)('stays silent: $name', (each) => {
      const { violations, verdicts } = judgeCase(rule, each);
      expect(violations).toEqual([]);
      expect(verdicts).toMatchObject([{ verdict: 'checked' }]);
    });

    for (const each of cases.inconclusive ?? []) {
      it(`does not answer: ${each.name}`, () => {
        const { violations, verdicts } = judgeCase(rule, each);
        expect(violations).toEqual([]);
        expect(verdicts).toMatchObject([{ verdict: 'inconclusive', unjudged: 'all' }]);
        expect(verdicts[0]?.because).toMatch(each.because);
      });
    }
  });
}

/** Judges one rule over an estate that refuses to show what the rule does not name in its needs. */
export function judgeCase(rule: Rule, { estate, settings = {}, memory = {}, now = '2026-11-20T08:00:00Z' }: Omit<Case, 'name'>): Judgement {
  return judge({
    rules: [rule],
    estate: guardedEstate(estate, rule),
    access: guardedAccess(openAccess(estate), rule),
    settings: { ...defaultRuleSettings, ...settings },
    memory: { missingSince: new Map(), lastSeen: new Map(), ...memory },
    now,
  });
}

/** Lower case, since ids are compared in lower case and the estate holds both forms. */
const hostileNames = [`a'; rm -rf ~ #`, 'a"b`id`$(id)${home}', '=cmd|calc!a1', '<b>a<i>[x](y)*_', 'a\nb', '@passwd', '--query'];

function expectSound(violation: Violation, rule: Rule): void {
  expect(violation.rule).toBe(rule.id);
  expect(violation.subject).not.toBe('');
  expect(violation.scope).toMatch(/^\//);
  expect(violation.title).not.toBe('');
  expect(violation.message).not.toMatch(/undefined|\[object|NaN/);
  expect(violation.evidence.length).toBeGreaterThan(0);
  expect(violation.fix.length).toBeGreaterThan(0);
  for (const { cli } of violation.fix) if (cli !== undefined) parseAz(cli);
}

const readable = ({ title, message, fix }: Violation): string =>
  [title, message, ...fix.flatMap((each) => [each.text, each.cli ?? ''])].join('\n');

const sorted = (violations: readonly Violation[]): readonly Violation[] => [...violations].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
const keyOf = ({ subject, aspect = '' }: Violation): string => `${subject} ${aspect}`;
