import { moment, principalId, resourceKey, roleId, type Assignment, type PrincipalId, type ResourceKey } from '../estate/index.ts';
import { conditionSaid } from './grant-condition.ts';
import { makerOf, requestEvidence, type Maker } from './grant-maker.ts';
import { grantConfidence, grantEvidence } from './grant-evidence.ts';
import { raised, weightOf, type Weight } from './grant-weight.ts';
import { isBroad, lowered, type HeldGrant } from './held-grant.ts';
import { isYoung, sameChangeMinutes, type MadeGrant } from './made-grant.ts';
import { narrow } from './narrower-grant.ts';
import { placeName } from './place-name.ts';
import { judgedPrincipal, nameOf, principalRef } from './principal-ref.ts';
import { provenanceOf } from './provenance.ts';
import type { RuleInput } from './rule.ts';
import type { Fix, PrincipalRef, Severity, Violation } from './violation.ts';

/** Role assignments that the log saw being made and that still stand as broad as they were made. */
export function* judgeMadeAssignments(input: RuleInput, grants: readonly MadeGrant[]): Iterable<Violation> {
  const standing = standingOf(input.estate.assignments, grants);
  for (const grant of grants) {
    const shown = standing.get(resourceKey(grant.id));
    const assignment = shown ?? fromLog(input, grant);
    if (assignment === undefined || isRewritten(assignment, grant)) continue;
    const role = input.access.roleOf(assignment.roleId);
    const power = role && input.access.powerOf(assignment.roleId);
    const grantee = granteeOf(input, assignment.principalId);
    if (role === undefined || power === undefined || grantee === undefined || isElevation(input, assignment)) continue;
    const weight = weightOf(input, assignment, power);
    if (weight === undefined || isHandedOver(input, assignment, power, grant)) continue;
    const held = { principal: grantee.principal, assignment, role, power, groups: [] };
    yield violationOf(input, { grant, held, weight, reaches: grantee.reaches, isShown: shown !== undefined });
  }
}

function standingOf(assignments: readonly Assignment[], grants: readonly MadeGrant[]): ReadonlyMap<ResourceKey, Assignment> {
  const wanted = new Set(grants.map(({ id }) => resourceKey(id)));
  return new Map(wanted.size === 0 ? [] : assignments.filter(({ key }) => wanted.has(key)).map((one) => [one.key, one]));
}

/** Resource Graph shows a new assignment some minutes late; until then the log's word stands. After that, what it does not show is gone. */
function fromLog({ now, settings }: RuleInput, grant: MadeGrant): Assignment | undefined {
  if (!isYoung(grant, now, settings.replicationWindowMinutes)) return undefined;
  if (grant.seenAt !== undefined || grant.principalId === '' || grant.roleId === '' || grant.scopeId === '') return undefined;
  return {
    id: grant.id,
    key: resourceKey(grant.id),
    principalId: principalId(grant.principalId),
    principalType: '',
    roleId: roleId(grant.roleId),
    scope: resourceKey(grant.scopeId),
    scopeId: grant.scopeId,
    condition: grant.condition,
    createdAt: grant.at,
    createdBy: grant.callerObjectId,
  };
}

/** Deployments write the same assignment again and again, and the log cannot tell that from a new one. Azure keeps the day of the first. */
const isRewritten = ({ createdAt }: Assignment, grant: MadeGrant): boolean =>
  createdAt !== undefined && Date.parse(grant.at) - Date.parse(createdAt) > sameChangeMinutes * 60_000;

/** The assignment at the root that an elevation makes is told as the elevation. */
const isElevation = ({ memory }: RuleInput, { scope, principalId: holder }: Assignment): boolean =>
  scope === '/' && (memory.grantsMade ?? []).some((grant) => grant.kind === 'elevation' && principalId(grant.principalId) === holder);

/** From here on it is the business of `unnarrowed-broad-grant`. */
function isHandedOver({ now, settings }: RuleInput, assignment: Assignment, power: HeldGrant['power'], grant: MadeGrant): boolean {
  const days = (Date.parse(now) - Date.parse(assignment.createdAt ?? grant.at)) / 86_400_000;
  if (days < settings.broadGrantReviewDays || !isBroad(assignment)) return false;
  return [power.broadWrite, power.escalation, power.dataRead, power.dataWrite, power.secretActions].some((each) => each.length > 0);
}

interface Grantee {
  readonly principal: PrincipalRef;
  /** Of a group: its members whose grants are judged. */
  readonly reaches: readonly PrincipalRef[];
}

/** Somebody whose grants are judged, or a group with such members. */
function granteeOf(input: RuleInput, id: PrincipalId): Grantee | undefined {
  const reaches: PrincipalRef[] = [];
  for (const [member, groups] of input.estate.memberships) {
    const ref = groups.includes(id) ? judgedPrincipal(input, member) : undefined;
    if (ref !== undefined && ref.kind !== 'group') reaches.push(ref);
  }
  const principal = judgedPrincipal(input, id) ?? (reaches.length > 0 ? principalRef(input, id) : undefined);
  return principal && { principal, reaches };
}

interface Made {
  readonly grant: MadeGrant;
  readonly held: HeldGrant;
  readonly weight: Weight;
  readonly reaches: readonly PrincipalRef[];
  readonly isShown: boolean;
}

function violationOf(input: RuleInput, { grant, held, weight, reaches, isShown }: Made): Violation {
  const { principal, assignment, role } = held;
  const maker = makerOf(input, grant, assignment.principalId);
  const provenance = provenanceOf(input, assignment.principalId, assignment.scope);
  const place = placeName(input, assignment.scopeId);
  return {
    rule: 'broad-grant-made',
    subject: grant.firstId,
    severity: severityOf(weight.severity, maker, provenance !== undefined, principal),
    confidence: isShown ? grantConfidence(held, weight.effects) : 'likely',
    principal,
    role: { id: role.id, name: role.name },
    scope: assignment.scopeId,
    title: `${maker.name} gave ${maker.self ? 'itself' : principal.name || principal.id} ${role.name} on ${place} at ${moment(grant.at)}`,
    message: [
      `${maker.full} gave ${nameOf(principal)} ${role.name} on ${assignment.scopeId} at ${moment(grant.at)}. It allows ${few(weight.allows)} there and everywhere below.`,
      ...(reaches.length > 0 ? [`Through this group it reaches ${few(reaches.map(nameOf))}.`] : []),
      ...(maker.self ? ['The grant is to its own maker.'] : []),
      ...(maker.seen === 'no' ? ['Nobody has seen its maker make a grant before.'] : []),
      conditionSaid(weight.effects),
      ...(provenance === undefined ? [] : [`Lowered, because it is the ${provenance.text}.`]),
      ...serviceSaid(maker, principal),
      ...(isShown ? [] : ['Resource Graph does not show the assignment yet; this is what the Activity Log says of it.']),
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    evidence: [
      ...requestEvidence(grant, maker, 'Microsoft.Authorization/roleAssignments/write'),
      ...grantEvidence(input, held, weight.allows, provenance),
      ...(grant.id === grant.firstId ? [] : [{ label: 're-created as', value: grant.id, source: 'activity' as const }]),
    ],
    fix: [askMaker(maker), ...narrow(input, held)],
    related: [...new Set([principal.id, assignment.id, ...reaches.map(({ id }) => id), grant.callerObjectId])].filter((id) => id !== ''),
  };
}

/** Made by its holder: one step up. By somebody new: up to high. Asked for by Azure itself: two steps down, an activation of a person's role to `info`. */
function severityOf(weight: Severity, maker: Maker, isProvenanceKnown: boolean, principal: PrincipalRef): Severity {
  if (maker.through === 'pim' && (principal.kind === 'user' || principal.kind === 'group')) return 'info';
  const bySelf = maker.self ? raised(weight) : weight;
  const byStranger = maker.seen === 'no' && maker.through === undefined && ['low', 'medium'].includes(bySelf) ? raised(bySelf) : bySelf;
  return isProvenanceKnown || maker.through !== undefined ? lowered(byStranger, 2) : byStranger;
}

function serviceSaid({ through }: Maker, { kind }: PrincipalRef): readonly string[] {
  switch (through) {
    case 'pim':
      return kind === 'user' || kind === 'group'
        ? ['Lowered, because Privileged Identity Management made it: an activation, which ends by itself.']
        : [
            'Lowered, because Privileged Identity Management made it and keeps a record of who asked. A workload cannot activate a role: somebody assigned it there, and only PIM knows until when.',
          ];
    case 'aks':
      return ['Lowered, because the AKS resource provider made it on behalf of a cluster.'];
    case undefined:
      return [];
  }
}

const askMaker = (maker: Maker): Fix => ({
  text: maker.self
    ? `${maker.full} did this for itself. If it is not a deployment that you know, take it for a break-in: delete the grant first, and look at what it did since.`
    : `Ask ${maker.full} what it is for. If nobody wanted it, delete it at once and look at what was done with it since.`,
});

const namedMax = 6;
const few = (all: readonly string[]): string =>
  all.length <= namedMax ? all.join(', ') : `${all.slice(0, namedMax).join(', ')} and ${all.length - namedMax} more`;
