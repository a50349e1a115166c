import type { StoredFinding } from '../../findings/index.ts';
import { severities } from '../../rules/index.ts';
import { questionOf, type Candidate } from './identity-tally.ts';
import type { GrantToNarrow } from './review.ts';

const grantsMax = 10;
const actorsMax = 5;

/** The ten grants to narrow first: what each allows, how far it reaches, who can act as its holder, and one line to begin with. */
export function grantsToNarrow(candidates: readonly Candidate[], findings: readonly StoredFinding[]): readonly GrantToNarrow[] {
  const standing = findings.filter(({ status }) => status !== 'resolved');
  return candidates
    .slice(0, grantsMax)
    .map((candidate, at) => grantOf(candidate, at + 1, standing.filter((finding) => isAbout(finding, candidate)).toSorted(worstFirst)));
}

/** A finding about the assignment itself, or, for permissions in the directory, one of its holder that names the permission. */
function isAbout({ subject, principal, evidence }: StoredFinding, { holding, sheet }: Candidate): boolean {
  if (subject.toLowerCase() === holding.id.toLowerCase()) return true;
  return (
    subject.toLowerCase() === sheet.principalId.toLowerCase() &&
    principal.id === sheet.principalId &&
    evidence.some(({ value }) => value.startsWith(holding.role.name))
  );
}

function grantOf({ holding, sheet, sharedWith }: Candidate, rank: number, findings: readonly StoredFinding[]): GrantToNarrow {
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
    allows: findings.flatMap(({ evidence }) => evidence).find(({ label }) => label === 'allows')?.value ?? '',
    question: questionOf(holding),
    actors: sheet.actors.slice(0, actorsMax),
    actorsTotal: sheet.actors.length + (sheet.more?.actors ?? 0),
    fix: fixOf(findings),
    findings: findings.map(({ id }) => id),
  };
}

/** The first command, with what its finding says to do before it: "delete the grant" alone would be half an advice. */
function fixOf(findings: readonly StoredFinding[]): GrantToNarrow['fix'] {
  const steps = (findings.find(({ fix }) => fix.some(({ cli }) => cli !== undefined)) ?? findings[0])?.fix ?? [];
  const at = steps.findIndex(({ cli }) => cli !== undefined);
  const until = at < 0 ? steps.slice(0, 1) : steps.slice(0, at + 1);
  if (until.length === 0)
    return {
      text: 'Find out which calls the workload makes, grant exactly those on exactly what they touch, then take this grant away.',
      cli: '',
    };
  return { text: until.map(({ text }) => text).join(' '), cli: at < 0 ? '' : (steps[at]?.cli ?? '') };
}

const worstFirst = (a: StoredFinding, b: StoredFinding): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.id < b.id ? -1 : 1);
