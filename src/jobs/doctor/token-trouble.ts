import type { Trouble } from './check.ts';

/** What identity endpoints and Microsoft Entra ID answer when they give no token, and what each means. The first that fits counts. */
interface KnownAnswer extends Trouble {
  readonly match: RegExp;
  readonly source: string;
}

const imds = 'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling';
const codes = 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes';

const knownAnswers: readonly KnownAnswer[] = [
  {
    match: /multiple user[- ]assigned/i,
    source: imds,
    cause: 'wrong-identity',
    why: 'Several identities are attached, and the endpoint does not choose for the caller.',
    fix: 'Name one: set AZURE_CLIENT_ID (read by DefaultAzureCredential) or give the client id to the credential in code.',
  },
  {
    match:
      /identity not found|no user assigned or delegated managed identity|has not been assigned to this resource|no managed identity|identity_not_found/i,
    source: imds,
    cause: 'identity-not-assigned',
    why: 'The host has no such identity: it is not attached, not enabled, or the client id is that of another environment.',
    fix: 'Attach the identity to this host (az … identity assign), or correct the client id that the code names. Without a client id the endpoint looks for the system-assigned identity.',
  },
  {
    match: /AADSTS(?:500011|50001|650057|901002)\b|invalid_resource/i,
    source: codes,
    cause: 'wrong-audience',
    why: 'Microsoft Entra ID knows no service by that resource id in this tenant.',
    fix: "Ask for the service's exact resource id (such as https://vault.azure.net), best through its own SDK client.",
  },
  {
    match: /AADSTS(?:70021|700211|700212|7002121|700213|700222|700226|700227|700236)\b/i,
    source: codes,
    cause: 'federation-mismatch',
    why: 'No federated credential of the identity fits the token of this pod: issuer, subject or audience differs, letter by letter.',
    fix: 'Compare the issuer and subject of the token file (above) with: az identity federated-credential list --identity-name NAME --resource-group GROUP.',
  },
  {
    match: /AADSTS700024\b/i,
    source: codes,
    cause: 'stale-token',
    why: "The workload's own token is outside of its time: it was kept instead of read again, or the clock of this host is wrong.",
    fix: 'Restart the workload, and let the library read the token file for each exchange; compare the clock with the time in the error.',
  },
  {
    match: /AADSTS(?:90002|50020|900023)\b/i,
    source: codes,
    cause: 'foreign-tenant',
    why: 'The sign-in goes to a tenant that does not exist or is not the one of the identity.',
    fix: "Correct AZURE_TENANT_ID: it is the tenant of the identity's own subscription.",
  },
  {
    match: /AADSTS(?:700016|7000112|7000229)\b/i,
    source: codes,
    cause: 'deleted-identity',
    why: 'The tenant knows no usable application with that client id: the identity was deleted, re-created under a new client id, or disabled.',
    fix: 'Point AZURE_CLIENT_ID (the annotation of the service account, in AKS) at the living identity.',
  },
];

/** Undefined for words that no table knows. */
export const troubleOfWords = (words: string): Trouble | undefined => knownAnswers.find(({ match }) => match.test(words));
