import type { KeptStore } from '../compose.ts';
import type { Run } from '../findings/index.ts';
import type { IdentitySheet } from '../inventory/index.ts';
import { identityDossiers, latestAudit, type IdentityDossier } from '../jobs/identity-dossier.ts';
import { UsageError } from './trouble.ts';

const pageSize = 500;

/** All identities that audits have stored, by name. */
export async function storedIdentities(
  store: KeptStore,
): Promise<{ readonly sheets: readonly IdentitySheet[]; readonly audit: Run | undefined }> {
  const sheets: IdentitySheet[] = [];
  let cursor: string | undefined;
  do {
    const page: Awaited<ReturnType<KeptStore['inventory']>> = await store.inventory({ filter: {}, limit: pageSize, cursor });
    sheets.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { sheets, audit: await latestAudit(store) };
}

/** One identity by any of its ids or its name; undefined when nobody is known by it. */
export async function storedIdentity(store: KeptStore, whoever: string): Promise<IdentityDossier | undefined> {
  const dossiers = await identityDossiers(store, whoever);
  if (dossiers.length > 1) {
    const ids = dossiers.slice(0, 5).map(({ sheet }) => `${sheet.principalId} (${sheet.resourceId})`);
    throw new UsageError(`${dossiers.length} identities are called ${whoever}: ${ids.join(', ')}. Give the object id.`);
  }
  return dossiers[0];
}
