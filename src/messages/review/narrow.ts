import type { StoredFinding } from '../../findings/index.ts';
import { severities } from '../../rules/index.ts';
import { questionOf, type Candidate } from './identity-tally.ts';
import type { GrantToNarrow } from './review.ts';

const grantsMax = 10;
const actorsMax = 5;

/** The ten grants to narrow first: what each allows, how far it reaches, who can act as its holder, and one line to begin with. */
export function grantsToNarrow(candidates: readonly Candidate[], findings: readonly StoredFinding[]): readonly GrantToNarrow[] {
  const top = candidates.slice(0, grantsMax);
  const wanted = new Set(top.map(({ holding }) => holding.id.toLowerCase()));
  const open = findings.filter(({ status, subject }) => status !== 'resolved' && wanted.has(subject.toLowerCase()));
  const bySubject = Map.groupBy(open, ({ subject }) => subject.toLowerCase());
  return top.map((candidate, at) => grantOf(candidate, at + 1, (bySubject.get(candidate.holding.id.toLowerCase()) ?? []).toSorted(worstFirst)));
}

function grantOf({ holding, sheet, sharedWith }: Candidate, rank: number, findings: readonly StoredFinding[]): GrantToNarrow {
  const allows = findings.flatMap(({ evidence }) => evidence).find(({ label }) => label === 'allows')?.value;
  const steps = findings.flatMap(({ fix }) => fix);
  const step = steps.find(({ cli }) => cli !== undefined) ?? steps[0];
  return {
    rank,
    severity: holding.severity ?? findings[0]?.severity ?? 'medium',
    assignmentId: holding.id,
    role: holding.role.name,
    scope: holding.scope,
    scopeLevel: holding.scopeLevel,
    through: holding.through ?? '',
    grantedAt: holding.grantedAt,
    grantedBy: holding.grantedBy,
    identity: { principalId: sheet.principalId, name: sheet.name, resourceId: sheet.resourceId },
    sharedWith,
    reach: holding.reach ?? -1,
    allows: allows ?? (holding.plane === 'data' ? 'data operations' : holding.plane === 'both' ? 'control and data operations' : 'control-plane operations'),
    question: questionOf(holding),
    actors: sheet.actors.slice(0, actorsMax),
    actorsTotal: sheet.actors.length + (sheet.more?.actors ?? 0),
    fix: {
      text: step?.text ?? 'Find out which calls the workload makes, give it a data role on exactly those resources, then take this grant away.',
      cli: step?.cli ?? '',
    },
    findings: findings.map(({ id }) => id),
  };
}

const worstFirst = (a: StoredFinding, b: StoredFinding): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.id < b.id ? -1 : 1);
