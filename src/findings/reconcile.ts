import { severities, type Rule, type Severity, type Violation } from '../rules/index.ts';
import { advance, open, type Advanced, type Moment, type Sighting } from './advance.ts';
import { blindnessOf, type Sight } from './blindness.ts';
import type { Changes } from './changes.ts';
import { contentOf } from './content.ts';
import { isActive, latestByFinding, type Exception } from './exception.ts';
import { exclusionOf, type Exclusions, type TagsOf } from './exclusion.ts';
import { identityText, idOfText, portable, type Sha256 } from './finding-id.ts';
import type { StoredFinding } from './finding.ts';
import type { Summary } from './run.ts';
import { summarise } from './summary.ts';

export interface ReconcileRequest extends Omit<Sight, 'rules'>, Moment {
  readonly known: { readonly findings: ReadonlyMap<string, StoredFinding>; readonly exceptions: readonly Exception[] };
  readonly violations: readonly Violation[];
  readonly rules: readonly Pick<Rule, 'id' | 'needs' | 'controls'>[];
  readonly exclusions: Exclusions;
  readonly tagsOf: TagsOf;
  /** A quicker one than our own, where the machine has it. */
  readonly sha256?: Sha256;
}

export interface Reconciled {
  readonly changes: Pick<Changes, 'findings' | 'history'>;
  /** What this run has to say: everything that stands, seen or not judged, and what it resolved. Worst first. */
  readonly findings: readonly StoredFinding[];
  readonly summary: Summary;
  readonly excluded: readonly { readonly violation: Violation; readonly by: string }[];
  /** Acceptances in force that match nothing any more: they can be ended. */
  readonly idleExceptions: readonly Exception[];
}

/**
 * What we knew × what we see → what changes. Pure, free of order, and idempotent: the same run over its own outcome changes nothing, and the
 * next run over the same world reports nothing new.
 */
export function reconcile(request: ReconcileRequest): Reconciled {
  const { known, now, exclusions, within, tagsOf } = request;
  const exclusion = exclusionOf(exclusions, within, tagsOf);
  const acceptances = latestByFinding(known.exceptions, now);
  const { seen, excluded } = sortOut(request, exclusion);

  const advanced: Advanced[] = [];
  for (const [id, { violation, controls }] of seen) {
    const content = contentOf(violation, controls);
    const before = known.findings.get(id);
    const acceptance = acceptances.get(id);
    advanced.push(
      before === undefined ? open(id, content, acceptance, request) : advance(before, { kind: 'seen', content }, acceptance, request),
    );
  }
  const blindness = blindnessOf(request);
  for (const [id, finding] of known.findings) {
    if (seen.has(id) || (finding.status === 'resolved' && finding.statusRunId !== request.runId)) continue;
    const by = excluded.get(id)?.by ?? (exclusions.rules.includes(finding.rule) ? `rule ${finding.rule}` : undefined);
    advanced.push(advance(finding, unseen(by, blindness(finding)), acceptances.get(id), request));
  }

  advanced.sort((a, b) => compare(a.finding.id, b.finding.id));
  const changed = advanced.filter((each) => each.changed);
  // A stable sort: within one rank they stay in order of id.
  const findings = advanced.map(({ finding }) => finding).toSorted(worstFirst);
  return {
    changes: { findings: changed.map(({ finding }) => finding), history: changed.flatMap(({ history }) => history) },
    findings,
    summary: summarise(findings, excluded.size),
    excluded: [...excluded.values()].sort(byViolation),
    idleExceptions: idle(known.exceptions, findings, now),
  };
}

type Excluded = Reconciled['excluded'][number];

/** Rules in order, and in each its subjects. */
export const byViolation = ({ violation: a }: Excluded, { violation: b }: Excluded): number =>
  compare(a.rule, b.rule) || compare(a.subject, b.subject) || compare(a.aspect ?? '', b.aspect ?? '');

function unseen(excludedBy: string | undefined, because: string | undefined): Sighting {
  if (excludedBy !== undefined) return { kind: 'excluded', by: excludedBy };
  return because === undefined ? { kind: 'gone' } : { kind: 'unjudged', because };
}

interface Sorted {
  readonly seen: ReadonlyMap<string, { readonly violation: Violation; readonly controls: readonly string[] }>;
  readonly excluded: ReadonlyMap<string, { readonly violation: Violation; readonly by: string }>;
}

function sortOut({ known, violations, rules, sha256 = portable }: ReconcileRequest, exclusion: ReturnType<typeof exclusionOf>): Sorted {
  const controls = new Map(rules.map((rule) => [rule.id, rule.controls]));
  const idOf = idsByText(known.findings.values(), sha256);
  const seen = new Map<string, { violation: Violation; controls: readonly string[] }>();
  const excluded = new Map<string, { violation: Violation; by: string }>();
  for (const violation of violations) {
    const id = idOf(violation);
    const by = exclusion(violation);
    if (by !== undefined) excluded.set(id, { violation: worse(excluded.get(id)?.violation, violation), by });
    else seen.set(id, { violation: worse(seen.get(id)?.violation, violation), controls: controls.get(violation.rule) ?? [] });
  }
  // Of one thing told twice, one part excluded: the other part stands.
  for (const id of seen.keys()) excluded.delete(id);
  return { seen, excluded };
}

/** Hashing 20,000 ids costs more than all the rest: those that are known are looked up by their text. */
function idsByText(findings: Iterable<StoredFinding>, sha256: Sha256): (violation: Violation) => string {
  const known = new Map<string, string>();
  for (const { id, rule, subject, aspect } of findings) known.set(`${rule}\n${identityText(subject, aspect)}`, id);
  return ({ rule, subject, aspect }) => {
    const text = `${rule}\n${identityText(subject, aspect)}`;
    return known.get(text) ?? idOfText(rule, text, sha256);
  };
}

/** Two violations of one rule on one subject and aspect are one finding: the worse of them, whichever came first. */
function worse(other: Violation | undefined, violation: Violation): Violation {
  if (other === undefined) return violation;
  const by = rank[violation.severity] - rank[other.severity] || compare(JSON.stringify(violation), JSON.stringify(other));
  return by < 0 ? violation : other;
}

const rank = Object.fromEntries(severities.map((severity, at) => [severity, at])) as Readonly<Record<Severity, number>>;

export const worstFirst = (a: StoredFinding, b: StoredFinding): number =>
  Number(a.status === 'resolved') - Number(b.status === 'resolved') || rank[a.severity] - rank[b.severity];

export const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function idle(exceptions: readonly Exception[], findings: readonly StoredFinding[], now: string): readonly Exception[] {
  const accepted = new Set(findings.filter(({ status }) => status === 'accepted').map(({ id }) => id));
  return exceptions
    .filter((exception) => isActive(exception, now) && !accepted.has(exception.findingId))
    .toSorted((a, b) => compare(a.id, b.id));
}
