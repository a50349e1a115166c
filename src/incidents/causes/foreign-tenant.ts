import * as az from '../../remedy/az.ts';
import { silent, type Cause } from '../cause.ts';
import type { Scene } from '../scene.ts';
import { refusal } from './steps.ts';

const codes =
  /aadsts(?:50020|90002)\b|invalidauthenticationtokentenant|akv10032|wrong issuer|invalid issuer|issuer validation failed|from the wrong tenant/;

export const foreignTenant: Cause = {
  id: 'foreign-tenant',
  title: 'The token comes from another tenant',
  explain: `A managed identity lives in the tenant of its subscription and gets tokens of that tenant only. A resource in another tenant does not accept them,
and no role assignment can change that: the identity does not exist over there.

**Recognise it** by AADSTS50020 or AADSTS90002, by \`InvalidAuthenticationTokenTenant\`, by Key Vault's AKV10032, or by an issuer (\`iss\`) in the token that names another tenant.
A tenant id that is set by hand (\`AZURE_TENANT_ID\`) and wrong looks the same.

**Fix it** by calling a resource of the own tenant, by correcting the tenant id, or by a mechanism made for two tenants: a multitenant application in the other
tenant that trusts this identity through a federated credential.`,
  references: [
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identities-faq',
    'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity',
  ],
  needs: ['logs'],
  judge: (scene) => {
    const home = scene.estate.tenantId.toLowerCase();
    const issuers = scene.burst.denials
      .map((denial) => denial.caller.tenantId?.toLowerCase())
      .filter((tenant) => tenant !== undefined && tenant !== '');
    const stranger = (home === '' ? undefined : issuers.find((tenant) => tenant !== home)) ?? otherDirectory(scene);
    if (!codes.test(scene.text) && stranger === undefined) return silent;
    // One stray token among our own does not make the caller a stranger.
    const mixed = issuers.includes(home) && !codes.test(scene.text);
    return {
      kind: 'fits',
      confidence: mixed ? 'possible' : 'certain',
      weight: 90,
      why: stranger
        ? `The token was asked of, or issued by, tenant ${stranger}; this tenant is ${home || 'another one'}.`
        : 'The refusal names the issuer of the token, not a permission: the token belongs to another tenant than the target.',
      evidence: [refusal(scene)],
      fix: [
        { text: 'A managed identity cannot sign in to another tenant. Correct the tenant id or the target if one of them is a mistake.' },
        {
          text: 'If the call is meant to cross tenants: register a multitenant application in the other tenant and let it trust this identity by a federated credential.',
        },
      ],
      check: [az.command('account show', {}), az.command('account tenant list', {})],
    };
  },
};

/** AADSTS700016 names the directory in which it looked: `… was not found in the directory '<tenant>'`. A display name proves nothing. */
export function otherDirectory({ text, estate }: Pick<Scene, 'text' | 'estate'>): string | undefined {
  const named = /was not found in the directory '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'/.exec(text)?.[1];
  return named !== undefined && estate.tenantId !== '' && named !== estate.tenantId.toLowerCase() ? named : undefined;
}
