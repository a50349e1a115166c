import type { Holding, IdentitySheet } from '../../inventory/index.ts';
import { severities } from '../../rules/index.ts';
import type { ReviewedHolding, ReviewedIdentities, ReviewedIdentity } from './review.ts';

/** A grant that somebody should narrow, with who holds it. */
export interface Candidate {
  readonly holding: Holding;
  readonly sheet: Pick<IdentitySheet, 'principalId' | 'name' | 'resourceId' | 'actors' | 'more'>;
  /** More identities that hold it, through a group. */
  sharedWith: number;
}

/** Identity sheets, taken in one by one so that a tenant's twenty thousand are not held twice. */
export interface IdentityTally {
  add(sheet: IdentitySheet): void;
  identities(): ReviewedIdentities;
  /** Worst first. */
  candidates(): readonly Candidate[];
}

const candidatesMax = 200;

export function identityTally(): IdentityTally {
  const sheets: ReviewedIdentity[] = [];
  let candidates = new Map<string, Candidate>();
  const same = interning();
  return {
    add(sheet) {
      sheets.push(reviewed(sheet, same));
      for (const holding of sheet.holdings) {
        if (holding.severity === undefined && questionOf(holding) === '') continue;
        const known = candidates.get(holding.id);
        if (known === undefined) candidates.set(holding.id, { holding, sheet, sharedWith: 0 });
        else known.sharedWith += 1;
      }
      if (candidates.size > candidatesMax * 2) {
        candidates = new Map(
          ranked(candidates)
            .slice(0, candidatesMax)
            .map((one) => [one.holding.id, one]),
        );
      }
    },
    identities: () => totals(sheets.sort(questionedFirst)),
    candidates: () => ranked(candidates),
  };
}

/**
 * Why somebody should ask about a grant: the inventory's own words, or at least that it is more than a data role on one resource. Empty: it is no more.
 */
export function questionOf({ question, plane, scopeLevel, role }: Holding): string {
  if (question !== undefined && question !== '') return question;
  if (plane === 'data' && scopeLevel === 'resource') return '';
  if (plane === 'none') return `What is ${role.name} for? Nothing that it allows could be named.`;
  if (plane === 'data')
    return `Which resources there does the workload use? ${role.name} reaches the data of each one in the ${scopeLevel.replace('-', ' ')}.`;
  return `Which call of the workload needs ${role.name}? It acts on the control plane${scopeLevel === 'resource' ? '' : ` of the whole ${scopeLevel.replace('-', ' ')}`}.`;
}

function reviewed(sheet: IdentitySheet, same: Same): ReviewedIdentity {
  const holdings = sheet.holdings.map((holding) => reviewedHolding(holding, same));
  return {
    principalId: sheet.principalId,
    clientId: sheet.clientId,
    kind: sheet.kind,
    name: sheet.name,
    resourceId: sheet.resourceId,
    hosts: sheet.hosts.length + (sheet.more?.hosts ?? 0),
    federatedCredentials: sheet.federatedCredentials.length,
    actors: sheet.actors.length + (sheet.more?.actors ?? 0),
    seenAt: sheet.seenAt,
    questioned: holdings.reduce((sum, { question }) => sum + Number(question !== ''), 0),
    holdings,
    holdingsLeftOut: sheet.more?.holdings ?? 0,
  };
}

function reviewedHolding(holding: Holding, same: Same): ReviewedHolding {
  const { id, plane, role, scope, scopeLevel, through = '', conditional, grantedAt, grantedBy, severity = '' } = holding;
  return {
    id,
    plane,
    roleId: same(role.id),
    role: same(role.name),
    scope,
    scopeLevel,
    through: same(through),
    conditional,
    grantedAt,
    grantedBy: same(grantedBy),
    question: same(questionOf(holding)),
    severity,
  };
}

type Same = (text: string) => string;

/** A hundred thousand holdings name a few hundred roles, makers and questions, each read from its own row: one text of each is enough. */
function interning(): Same {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first !== undefined) return first;
    known.set(text, text);
    return text;
  };
}

function totals(sheets: readonly ReviewedIdentity[]): ReviewedIdentities {
  let systemAssigned = 0;
  let holdings = 0;
  let questioned = 0;
  let identitiesQuestioned = 0;
  let withoutRole = 0;
  let leftOut = 0;
  let latest = '';
  for (const sheet of sheets) {
    systemAssigned += Number(sheet.kind === 'system-assigned');
    holdings += sheet.holdings.length;
    questioned += sheet.questioned;
    identitiesQuestioned += Number(sheet.questioned > 0);
    withoutRole += Number(sheet.holdings.length === 0);
    leftOut += sheet.holdingsLeftOut;
    if (sheet.seenAt > latest) latest = sheet.seenAt;
  }
  return {
    known: sheets.length > 0,
    total: sheets.length,
    systemAssigned,
    userAssigned: sheets.length - systemAssigned,
    holdings,
    questioned,
    identitiesQuestioned,
    withoutRole,
    leftOut,
    unseen: sheets.reduce((sum, { seenAt }) => sum + Number(seenAt < latest), 0),
    sheets,
  };
}

const levels = ['tenant', 'management-group', 'subscription', 'resource-group', 'resource'] as const;

/** The worst grant first, then the identity with most to ask about. */
function questionedFirst(a: ReviewedIdentity, b: ReviewedIdentity): number {
  return worst(a) - worst(b) || b.questioned - a.questioned || compare(a.name, b.name) || compare(a.principalId, b.principalId);
}

function worst({ holdings }: ReviewedIdentity): number {
  let least = severities.length + 1;
  for (const { severity, question } of holdings) {
    const rank = severity === '' ? severities.length + Number(question === '') : severities.indexOf(severity);
    if (rank < least) least = rank;
  }
  return least;
}

const ranked = (candidates: ReadonlyMap<string, Candidate>): readonly Candidate[] => [...candidates.values()].sort(worstGrantFirst);

function worstGrantFirst({ holding: a, sheet: mine }: Candidate, { holding: b, sheet: theirs }: Candidate): number {
  return (
    severityRank(a) - severityRank(b) ||
    levels.indexOf(a.scopeLevel) - levels.indexOf(b.scopeLevel) ||
    (b.reach ?? -1) - (a.reach ?? -1) ||
    theirs.actors.length - mine.actors.length ||
    compare(a.id, b.id)
  );
}

const severityRank = ({ severity }: Holding): number => (severity === undefined ? severities.length : severities.indexOf(severity));
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
