import pLimit from 'p-limit';
import type { Assignment, Estate, Gap, PrincipalId, ResourceKey } from '../estate/index.ts';
import { armPath } from './arm-path.ts';
import type { AzureClients } from './clients.ts';
import { permissionText } from '../access/index.ts';
import { troubleOf, type Trouble } from './trouble.ts';

type Confirmation = Estate['confirmations'] extends ReadonlyMap<ResourceKey, infer State> ? State : never;

export interface ConfirmationReading {
  readonly confirmations: ReadonlyMap<ResourceKey, Confirmation>;
  readonly gaps: readonly Gap[];
}

/**
 * Reads assignments again over ARM, since Resource Graph lags and a deletion that already happened must not be reported
 * (Azure/azure-powershell#12747). One call each; principals that earlier runs saw missing go first.
 */
export async function confirmAssignments(
  clients: AzureClients,
  suspects: readonly Assignment[],
  missingBefore: ReadonlySet<PrincipalId>,
  callsMax: number,
): Promise<ConfirmationReading> {
  const confirmations = new Map<ResourceKey, Confirmation>();
  const inOrder = [...suspects].sort(
    (one, other) => Number(missingBefore.has(other.principalId)) - Number(missingBefore.has(one.principalId)),
  );
  const troubles: Trouble[] = [];
  const atOnce = pLimit(16);
  const read = async (assignment: Assignment) => {
    const answer = await confirm(clients, assignment);
    if (typeof answer === 'string') confirmations.set(assignment.key, answer);
    else {
      confirmations.set(assignment.key, 'unresolved');
      troubles.push(answer);
    }
  };
  await Promise.all(inOrder.slice(0, callsMax).map((assignment) => atOnce(() => read(assignment))));
  return { confirmations, gaps: [...troubleGaps(troubles, suspects.length), ...capGaps(suspects.length, callsMax)] };
}

async function confirm(clients: AzureClients, assignment: Assignment): Promise<'stands' | 'gone' | Trouble> {
  const path = armPath(assignment.id);
  if (path === undefined) return { kind: 'rejected', text: 'its id is not a path' };
  try {
    // Without the leading slash: the client puts one in front.
    const found = await clients.authorization.roleAssignments.getById(path.slice(1));
    // The same name can have been given to somebody else since.
    return found.principalId?.toLowerCase() === assignment.principalId ? 'stands' : 'gone';
  } catch (error) {
    const trouble = troubleOf(error);
    return trouble.kind === 'absent' ? 'gone' : trouble;
  }
}

function troubleGaps(troubles: readonly Trouble[], suspects: number): readonly Gap[] {
  const [first] = troubles;
  if (first === undefined) return [];
  return [
    {
      slice: 'assignmentConfirmations',
      scope: '/',
      state: 'partial',
      why: `${troubles.length} of ${suspects} assignments whose principal is missing could not be read again: ${first.text}`,
      ...(first.kind === 'forbidden' ? { permission: permissionText('role-assignments') } : {}),
    },
  ];
}

const capGaps = (suspects: number, callsMax: number): readonly Gap[] =>
  suspects <= callsMax
    ? []
    : [
        {
          slice: 'assignmentConfirmations',
          scope: '/',
          state: 'partial',
          why: `${suspects} assignments have a missing principal; ${callsMax} were read again in this run, the rest follows in the next ones.`,
        },
      ];
