import type { IdentitySheet } from '../../inventory/index.ts';
import { runbookPage, type IdentityDossier } from '../../jobs/identity-dossier.ts';
import { published } from '../../jobs/published-finding.ts';
import { publishedIncident } from '../../jobs/published-incident.ts';
import type { Sheet } from './sheet.ts';

/** Everything stored about one identity: as data, or as the page that people read. */
export function dossierText(dossier: IdentityDossier, format: string, now: string): string {
  if (format !== 'json') return runbookPage(dossier, now);
  const { sheet, findings, incidents, audit } = dossier;
  return JSON.stringify(
    {
      schema: 'mi-audit/identity/v1',
      run: audit?.id ?? null,
      coverage: audit?.coverage ?? [],
      identity: sheet,
      findings: findings.map(published),
      incidents: incidents.map(publishedIncident),
    },
    undefined,
    2,
  );
}

/** Stored identities as a list; `wide` adds what a terminal has no room for. */
export function storedSheet(sheets: readonly IdentitySheet[], place: (id: string) => string, wide: boolean): Sheet {
  return {
    columns: [
      { title: 'name', share: 3 },
      { title: 'kind', share: 0 },
      { title: 'object id', share: 0 },
      { title: 'worst grant', share: 0 },
      { title: 'hosts', share: 0 },
      { title: 'grants', share: 0 },
      { title: 'resource', share: 5 },
      ...(wide ? ['client id', 'federated credentials', 'can act as it', 'seen at'].map((title) => ({ title, share: 0 })) : []),
    ],
    rows: sheets.map((sheet) => [
      sheet.name,
      sheet.kind,
      sheet.principalId,
      // Gravest first.
      sheet.holdings[0]?.severity ?? (sheet.holdings.length === 0 ? 'none' : 'narrow'),
      String(sheet.hosts.length + (sheet.more?.hosts ?? 0)),
      String(sheet.holdings.length + (sheet.more?.holdings ?? 0)),
      place(sheet.resourceId),
      ...(wide
        ? [sheet.clientId, String(sheet.federatedCredentials.length), String(sheet.actors.length + (sheet.more?.actors ?? 0)), sheet.seenAt]
        : []),
    ]),
  };
}
