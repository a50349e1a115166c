import * as az from '../../remedy/az.ts';
import type { Grant } from '../../access/index.ts';
import type { PrincipalId } from '../../estate/index.ts';
import type { CauseConfidence, CauseEvidence, CauseFix } from '../cause.ts';
import { leastRoles } from '../operations/least-role.ts';
import type { Scene } from '../scene.ts';

/** Evidence and commands that several causes print. */

/** The least-privileged role at each exact target, one step per role. Words only where the role, the principal or the target is not known. */
export function grantLeast(scene: Scene, principalId = scene.failing.principalId, who = scene.failing.label): readonly CauseFix[] {
  const { proposals } = scene;
  const known = proposals.filter(({ roles }) => roles.length > 0);
  if (principalId === undefined || known.length === 0) {
    const what = (proposals[0]?.roles ?? leastRoles(scene.needed[0]?.service ?? scene.burst.service, scene.needed))
      .map((role) => role.name)
      .join(' and ');
    const role = what || claimedRole(scene) || `a role that allows ${actionsOf(scene) || 'the refused operation'}`;
    return [{ text: `Grant ${role} to ${who} on ${scene.targetId ?? scene.burst.denials[0]?.target ?? 'the target'}, no wider.` }];
  }
  const left = proposals.length - Math.min(known.length, targetsMax);
  return [
    ...known
      .slice(0, targetsMax)
      .flatMap(({ target, roles }) =>
        roles.map((role) =>
          az.step(
            `Grant ${role.name} to ${who} on exactly ${proposals.length === 1 ? 'this resource' : target.id}.`,
            az.createAssignment({ principalId, principalType: typeOf(scene, principalId), roleId: role.id, scopeId: target.id }),
          ),
        ),
      ),
    ...(left > 0 ? [{ text: `${left} more ${left === 1 ? 'target needs' : 'targets need'} the same; the incident lists them.` }] : []),
  ];
}

const targetsMax = 10;

/** Service Bus and Event Hubs share their addresses and their words: where nothing tells them apart, both are named. */
function claimedRole({ words, refusedBy }: Scene): string | undefined {
  if (refusedBy !== 'app' || !/claim/.test(words)) return undefined;
  const role = /'(?:[a-z]+, ?)*send/.test(words) ? 'Data Sender' : /'(?:[a-z]+, ?)*listen/.test(words) ? 'Data Receiver' : undefined;
  return role && `Azure Service Bus ${role} (Azure Event Hubs ${role}, if the namespace is one of event hubs)`;
}

/** Azure refuses an assignment whose principal type is wrong. */
export function typeOf({ estate }: Scene, principal: PrincipalId): 'ServicePrincipal' | 'User' | 'Group' {
  const kind = estate.directory.found.get(principal)?.kind;
  return kind === 'user' ? 'User' : kind === 'group' ? 'Group' : 'ServicePrincipal';
}

/**
 * Certain only where the log names who failed, the evaluator answered without a doubt, and the Activity Log could have shown that a grant was
 * removed: each of these can turn "holds nothing" into another story.
 */
export function confidenceIn({ failing, needed, changesWhole }: Scene): CauseConfidence {
  if (failing.principalId === undefined || needed.length === 0) return 'possible';
  const doubted = needed.some(({ answer }) => answer === undefined || answer.verdict === 'unknown');
  return doubted || failing.attribution === 'inferred' || !changesWhole ? 'likely' : 'certain';
}

export const actionsOf = (scene: Scene): string => [...new Set(scene.needed.map((one) => one.action))].join(', ');

export function refusal(scene: Scene): CauseEvidence {
  const { burst } = scene;
  const first = burst.denials[0];
  return {
    label: 'refused',
    value: `${burst.count} × ${first?.statusCode ?? ''} ${burst.reason} on ${first?.operation ?? ''} since ${burst.firstAt}${first?.sample ? `: ${shorten(first.sample)}` : ''}`,
    source: 'logs',
  };
}

export const neededEvidence = (scene: Scene): readonly CauseEvidence[] =>
  scene.needed.length === 0 ? [] : [{ label: 'needed', value: actionsOf(scene), source: 'logs' }];

export const shorten = (text: string, length = 240): string => (text.length <= length ? text : `${text.slice(0, length)} …`);

/** Commands that show who holds what on the target. */
export function checkGrants(scene: Scene): readonly (string | undefined)[] {
  return [
    scene.failing.principalId && az.command('role assignment list', { assignee: scene.failing.principalId, all: true }),
    scene.targetId && az.command('role assignment list', { scope: scene.targetId, 'include-inherited': true }),
  ];
}

export const minutesBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 60_000);

/** Identities that may have been the caller where the log names nobody. */
export function candidatesEvidence({ failing }: Scene): readonly CauseEvidence[] {
  if (failing.attribution === 'named' || failing.candidates.length < 2) return [];
  const names = failing.candidates.slice(0, 10).map((one) => `${one.name} (${one.principalId})`);
  const more = failing.candidates.length - names.length;
  return [{ label: 'may have been', value: `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`, source: 'resource-graph' }];
}

/** Grants with data actions that reach the target, where the log does not say which operation was refused: any of them may allow it, or not. */
export function heldNear({ needed, failing, targetKey, access, refusedBy }: Scene): readonly Grant[] {
  const provider = providersOf[refusedBy];
  if (needed.length > 0 || failing.principalId === undefined || targetKey === undefined || provider === undefined) return [];
  return access
    .grantsOf(failing.principalId)
    .filter(
      ({ assignment, role }) =>
        access.within(targetKey, assignment.scope) &&
        role?.blocks.some(({ dataActions }) => dataActions.some((one) => one === '*' || one.toLowerCase().startsWith(provider))) === true,
    );
}

const providersOf: Readonly<Partial<Record<string, string>>> = {
  storage: 'microsoft.storage/',
  'service-bus': 'microsoft.servicebus/',
  'event-hubs': 'microsoft.eventhub/',
  'key-vault': 'microsoft.keyvault/vaults/',
};

/** Services that answer 401 where a permission is missing; elsewhere a 401 is about the token. */
export const by401: ReadonlySet<string> = new Set(['service-bus', 'event-hubs', 'container-registry', 'app']);

/** The client id that a message of Entra ID or of a credential names. Takes lower-case text. */
export const clientIdIn = (text: string): string | undefined =>
  /(?:identifier|application|app ?(?:id)?|client(?:[ _]?id)?)['"]?(?: is| of)?\s*['"(:= ]+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/.exec(
    text,
  )?.[1];
