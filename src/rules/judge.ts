import type { Access } from '../access/index.ts';
import { resourceKey, type Estate, type Gap, type ResourceKey, type Slice } from '../estate/index.ts';
import type { Memory, Rule, RuleInput } from './rule.ts';
import type { RuleSettings } from './settings.ts';
import type { Violation } from './violation.ts';

export interface JudgeRequest {
  readonly estate: Estate;
  readonly settings: RuleSettings;
  readonly memory: Memory;
  /** Instant of the audit. */
  readonly now: string;
  readonly access: Access;
  readonly rules: readonly Rule[];
  /** In one part of a sharded audit: the violations that are this part's to tell. All of them unless told. */
  readonly isMine?: (violation: Violation, rule: Rule) => boolean;
}

/** What became of one rule. The first three fields are the published contract. */
export interface Verdict {
  readonly id: string;
  readonly verdict: 'checked' | 'inconclusive';
  /** Why it is inconclusive, or what a checked rule did not see; empty when it saw everything. */
  readonly because: string;
  /**
   * Where the rule did not judge, in comparison form: an earlier finding there stays as it was. `all`: everywhere. A management group
   * stands next to the subscriptions known below it.
   */
  readonly unjudged: 'all' | readonly ResourceKey[];
  /** True: inconclusive until something else has run, not because of anything that an audit could not see. */
  readonly awaiting?: true;
}

export interface Judgement {
  /** One for every rule that is on. */
  readonly verdicts: readonly Verdict[];
  readonly violations: readonly Violation[];
  /** Rules that the settings turned off: neither checked nor inconclusive. */
  readonly off: readonly string[];
}

/**
 * Asks every rule, and answers "inconclusive" for those whose needs the estate's gaps do not meet: blind is not clean. A rule that
 * throws is inconclusive too and takes no other rule with it.
 */
export function judge({ rules, isMine, ...input }: JudgeRequest): Judgement {
  const gaps = Map.groupBy(
    input.estate.gaps.filter((gap) => gap.harmless !== true),
    (gap) => gap.slice,
  );
  const verdicts: Verdict[] = [];
  const violations: Violation[] = [];
  const off: string[] = [];
  for (const rule of rules) {
    if (rule.enabled?.(input.settings) === false) {
      off.push(rule.id);
      continue;
    }
    const judged = judgeOne(rule, input, gaps, isMine);
    verdicts.push(judged.verdict);
    for (const violation of judged.violations) violations.push(violation);
  }
  return { verdicts, violations, off };
}

type GapsBySlice = ReadonlyMap<Slice, readonly Gap[]>;

interface Judged {
  readonly verdict: Verdict;
  readonly violations: readonly Violation[];
}

function judgeOne(rule: Rule, input: RuleInput, gaps: GapsBySlice, isMine: JudgeRequest['isMine']): Judged {
  const closed = closingGaps(rule, gaps);
  if (closed.length > 0) return inconclusive(rule, `${closed.length === 1 ? 'it rests on' : 'it rests on all of'} ${sentences(closed)}`);
  try {
    const awaited = rule.awaits?.(input);
    if (awaited !== undefined) {
      const { verdict, violations } = inconclusive(rule, awaited);
      return { verdict: { ...verdict, awaiting: true }, violations };
    }
    const reason = rule.inconclusive?.(input);
    if (reason !== undefined) return inconclusive(rule, reason);
    const open = gapsOf(rule, gaps, ['each', 'anywhere', 'local', 'kept']);
    const violations: Violation[] = [];
    for (const violation of rule.judge(input)) if (isMine === undefined || isMine(violation, rule)) violations.push(violation);
    violations.sort(bySubject);
    const isBlind = blindSpots(gapsOf(rule, gaps, ['local']), input.access);
    return {
      verdict: {
        id: rule.id,
        verdict: 'checked',
        because: open.length === 0 ? '' : `not judged where it could not see: ${sentences(open)}`,
        unjudged: gapsOf(rule, gaps, ['anywhere', 'kept']).length > 0 ? [resourceKey('/')] : [...unjudgedScopes(open, input)],
      },
      violations: isBlind === undefined ? violations : violations.filter(({ scope }) => !isBlind(resourceKey(scope))),
    };
  } catch (thrown) {
    return inconclusive(rule, `the rule itself failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

/** In one order, whatever the order of rows: what a tenant is told does not depend on how it was read. */
export const bySubject = (a: Violation, b: Violation): number =>
  compare(a.subject, b.subject) || compare(a.aspect ?? '', b.aspect ?? '') || (a === b ? 0 : compare(JSON.stringify(a), JSON.stringify(b)));

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const inconclusive = (rule: Rule, because: string): Judged => ({
  verdict: { id: rule.id, verdict: 'inconclusive', because, unjudged: 'all' },
  violations: [],
});

/** Gaps that leave nothing to judge: any gap in a slice needed whole; the whole tenant missing, or nobody knows where, for the others. */
function closingGaps(rule: Rule, gaps: GapsBySlice): readonly Gap[] {
  const everywhere = (gap: Gap): boolean => resourceKey(gap.scope) === '/';
  return [
    ...gapsOf(rule, gaps, ['whole']),
    ...gapsOf(rule, gaps, ['local']).filter(everywhere),
    ...gapsOf(rule, gaps, ['each', 'anywhere']).filter((gap) => everywhere(gap) && gap.state === 'missing'),
  ];
}

function gapsOf(rule: Rule, gaps: GapsBySlice, needs: readonly string[]): readonly Gap[] {
  const found: Gap[] = [];
  for (const [slice, sliceGaps] of gaps) {
    const need = rule.needs[slice];
    if (need !== undefined && needs.includes(need)) found.push(...sliceGaps);
  }
  return found;
}

const gapsNamed = 3;

/** A few gaps by name, the rest by number: coverage lists them all. */
function sentences(gaps: readonly Gap[]): string {
  const named = gaps.slice(0, gapsNamed).map((gap) => `${gap.slice} ${gap.state} at ${gap.scope} (${gap.why})`);
  const more = gaps.length - named.length;
  return `${named.join('; ')}${more > 0 ? `; and ${more} more gaps` : ''}`;
}

/** A gap at a management group hides the subscriptions below it too. */
function unjudgedScopes(gaps: readonly Gap[], { estate, access }: RuleInput): ReadonlySet<ResourceKey> {
  const scopes = new Set(gaps.map((gap) => resourceKey(gap.scope)));
  const groups = [...scopes].filter((scope) => scope.startsWith('/providers/microsoft.management/managementgroups/'));
  if (groups.length === 0) return scopes;
  for (const container of estate.containers) {
    if (container.kind === 'subscription' && groups.some((group) => access.within(container.key, group))) scopes.add(container.key);
  }
  return scopes;
}

/** Tells whether a scope lies under a gap, or a gap under it; undefined when there is no gap. */
function blindSpots(gaps: readonly Gap[], access: Access): ((scope: ResourceKey) => boolean) | undefined {
  if (gaps.length === 0) return undefined;
  const blind = new Set(gaps.map((gap) => resourceKey(gap.scope)));
  const above = new Set<ResourceKey>([...blind].flatMap((scope) => [...ancestors(scope, access)]));
  return (scope) => {
    if (above.has(scope)) return true;
    for (const ancestor of ancestors(scope, access)) if (blind.has(ancestor)) return true;
    return false;
  };
}

/** The scope itself, every parent by its text (a vault above its secret), and the chain up to the root. */
function* ancestors(scope: ResourceKey, access: Access): Iterable<ResourceKey> {
  for (let end = scope.length; end > 0; end = scope.lastIndexOf('/', end - 1)) yield scope.slice(0, end) as ResourceKey;
  yield* access.chain(scope);
}
