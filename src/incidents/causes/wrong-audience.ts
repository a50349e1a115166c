import * as az from '../../remedy/az.ts';
import { silent, type Cause } from '../cause.ts';
import { codes as federation } from './federation-mismatch.ts';
import { refusal } from './steps.ts';

const codes =
  /aadsts(?:500011|50001)\b|invalid_resource|akv10022|invalidauthenticationtokenaudience|invalid audience|audience validation failed|idx10214|audience .{0,80}(?:not|invalid|did not)|wrong audience|authentication_?audience/;

/** The log names the audience of the token; with one that storage takes, the refusal is about something else. */
const storageTakes = /\(audience https:\/\/(?:storage\.azure\.com|[a-z0-9]+\.(?:blob|queue|table|file|dfs)\.core\.[a-z.]+)\/?\)/;

/** Exact audiences per service. https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/services-id-authentication-support */
const audiences: Readonly<Record<string, string>> = {
  'key-vault': 'https://vault.azure.net',
  storage: 'https://storage.azure.com',
  'service-bus': 'https://servicebus.azure.net',
  'event-hubs': 'https://eventhubs.azure.net',
  'cosmos-db': 'https://cosmos.azure.com',
  sql: 'https://database.windows.net',
  'container-registry': 'https://containerregistry.azure.net',
  arm: 'https://management.azure.com',
  graph: 'https://graph.microsoft.com',
};

export const wrongAudience: Cause = {
  id: 'wrong-audience',
  title: 'The token was issued for another service',
  explain: `A token is good for one service only, the one its \`aud\` claim names. Code that asks for \`https://management.azure.com\` and sends the token to a vault is
refused with 401, however many roles the identity holds. The resource id must be exact: a trailing slash, a vault's own address instead of \`https://vault.azure.net\`,
or an application id of another cloud is enough.

**Recognise it** by 401 after a token was issued: Key Vault AKV10022, storage \`InvalidAuthenticationInfo\`, ARM \`InvalidAuthenticationTokenAudience\`, or by AADSTS500011 and
\`invalid_resource\` when the service is unknown to the tenant.

**Fix it** by using the service's own SDK client, which knows its audience, or by asking for the exact resource id. \`mi-audit token --resource …\` shows what a token is good for.`,
  references: [
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/services-id-authentication-support',
    'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
  ],
  needs: ['logs'],
  judge: (scene) => {
    // Storage's InvalidAuthenticationInfo is the audience, unless its detail tells of an expiry or an issuer.
    const bare =
      scene.burst.service === 'storage' &&
      /invalidauthenticationinfo/.test(scene.text) &&
      !/expir|lifetime|issuer|signature/.test(scene.text) &&
      !storageTakes.test(scene.text);
    const said = codes.test(scene.text) && !federation.test(scene.text);
    if (!said && !bare) return silent;
    const asked = /(?:resource principal named|resource|audience)[^a-z0-9]{1,12}((?:https?:\/\/|api:\/\/)[^\s'"\\,)]+)/.exec(
      scene.text,
    )?.[1];
    const exact = audiences[scene.burst.service] ?? exactOf(asked);
    return {
      kind: 'fits',
      confidence: said ? 'certain' : 'likely',
      weight: 88,
      why: `A token was issued or asked for${asked ? ` for ${asked}` : ''}, and the service does not accept that audience${exact ? `; it accepts ${exact}` : ''}.`,
      evidence: [refusal(scene)],
      fix: [
        {
          text: exact
            ? `Ask for a token for exactly ${exact}, best through the service's own SDK client.`
            : "Ask for a token for the service's exact resource id, best through its own SDK client.",
        },
      ],
      check: [exact && az.command('account get-access-token', { resource: exact, query: 'expiresOn' })],
    };
  },
};

/** The audience that somebody meant who asked for a trailing slash, a path, or an account's own address. */
function exactOf(asked: string | undefined): string | undefined {
  const host = /^https?:\/\/([^/:]+)/.exec(asked ?? '')?.[1];
  if (host === undefined) return undefined;
  if (/\.(?:blob|queue|table|file|dfs)\.core\.windows\.net$/.test(host)) return audiences['storage'];
  return Object.values(audiences).find(
    (known) => host === known.slice('https://'.length) || host.endsWith(`.${known.slice('https://'.length)}`),
  );
}
