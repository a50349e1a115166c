import { z } from 'zod';
import type { Gap } from '../estate/index.ts';
import type { AzureClients } from './clients.ts';
import { permissionText } from '../access/index.ts';
import { troubleOf, type Trouble } from './trouble.ts';

const apiVersion = '2022-12-01';
const pagesMax = 100;
const subscription = z.object({ subscriptionId: z.string().min(1).max(64), state: z.string().nullish() });
const page = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

/** Subscriptions as ARM lists them, lower case. Resource Graph leaves out what it may not show without saying so; this list is the cross-check. */
export async function listSubscriptions(
  clients: AzureClients,
): Promise<{ readonly listed: ReadonlySet<string>; readonly gaps: readonly Gap[] }> {
  const listed = new Set<string>();
  let next: string | undefined = `/subscriptions?api-version=${apiVersion}`;
  try {
    for (let read = 0; next !== undefined && read < pagesMax; read += 1) {
      const answer: z.infer<typeof page> = page.parse(await clients.arm.get(next));
      for (const given of answer.value) {
        const parsed = subscription.safeParse(given);
        if (parsed.success && parsed.data.state?.toLowerCase() !== 'deleted') listed.add(parsed.data.subscriptionId.toLowerCase());
      }
      next = answer.nextLink ?? undefined;
    }
    return { listed, gaps: [] };
  } catch (error) {
    const trouble: Trouble = error instanceof z.ZodError ? { kind: 'malformed', text: 'the answer was not a list' } : troubleOf(error);
    return {
      listed,
      gaps: [
        {
          slice: 'containers',
          scope: '/',
          state: 'partial',
          why: `The list of subscriptions could not be read, so whether one is hidden from the auditor is unknown: ${trouble.text}`,
          ...(trouble.kind === 'forbidden' ? { permission: permissionText('subscriptions') } : {}),
        },
      ],
    };
  }
}

export type Standing = { readonly kind: 'readable' | 'gone' } | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** Asks ARM for one subscription by its id. */
export async function standingOf(clients: AzureClients, id: string): Promise<Standing> {
  try {
    const parsed = subscription.safeParse(await clients.arm.get(`/subscriptions/${encodeURIComponent(id)}?api-version=${apiVersion}`));
    return { kind: parsed.data?.state?.toLowerCase() === 'deleted' ? 'gone' : 'readable' };
  } catch (error) {
    const trouble = troubleOf(error);
    return trouble.kind === 'absent' ? { kind: 'gone' } : { kind: 'trouble', trouble };
  }
}
