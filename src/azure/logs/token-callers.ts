import { z } from 'zod';
import { clientId, principalId, type Workspace } from '../../estate/index.ts';
import type { TokenCallers } from '../../ports/index.ts';
import type { AzureClients } from '../clients.ts';
import { parametrised } from './compose-query.ts';
import { oddGap, partialGap, troubleGap } from './log-gaps.ts';
import { queryWorkspace, type Period } from './query-workspace.ts';

const slice = 'signIns';

const row = z.object({
  tokenId: z.string().min(1),
  objectId: z.guid().transform(principalId),
  clientId: z.guid().transform(clientId).optional().catch(undefined),
});

/** Whom the sign-ins in one workspace know as the receivers of these tokens: one call. */
export async function readTokenCallers(
  clients: AzureClients,
  workspace: Workspace,
  tokens: readonly string[],
  period: Period,
): Promise<TokenCallers> {
  const query = parametrised('token-callers', { tokens: { kind: 'strings', value: tokens } });
  const answer = await queryWorkspace(clients, workspace.customerId, query, period);
  if (answer.kind === 'trouble') return { callers: new Map(), coverage: [troubleGap(slice, workspace, answer.trouble)] };
  const read = answer.rows.map((given) => row.safeParse(given)).flatMap(({ data }) => (data === undefined ? [] : [data]));
  return {
    callers: new Map(read.map(({ tokenId, ...caller }) => [tokenId, caller])),
    coverage: [
      ...oddGap(slice, workspace.id, answer.rows.length - read.length),
      ...(answer.partial === undefined ? [] : [partialGap(slice, workspace, answer.partial)]),
    ],
  };
}
