import type { HostAnswer } from '../../ports/index.ts';
import type { Trouble } from './check.ts';
import { isFromProxy } from './identity-answer.ts';
import type { TargetService } from './azure-services.ts';

export type AnswerVerdict =
  | { readonly kind: 'ok'; readonly note: string }
  | { readonly kind: 'undecided'; readonly trouble: Trouble }
  | { readonly kind: 'failed'; readonly trouble: Trouble };

/** What the answer to the harmless read says: let in, or refused for its audience, its network, its role, or something else. */
export function judgeAnswer(answer: HostAnswer, service: TargetService, who: string): AnswerVerdict {
  const text = `${answer.body}\n${answer.headers['www-authenticate'] ?? ''}`;
  if (answer.status === 407 || (answer.status >= 400 && isFromProxy(answer) && !/\bmicrosoft|azure|windows\b/i.test(text)))
    return failed(
      'network-rule',
      'A proxy or gateway answered instead of the service.',
      'Let the proxy pass requests to this host, or name it in NO_PROXY.',
    );
  if (answer.status >= 200 && answer.status < 300) return { kind: 'ok', note: noteOf(answer, service) };
  const known = knownRefusals.find((one) => one.match.test(text) && (one.services === undefined || one.services.includes(service.id)));
  if (known !== undefined && answer.status < 500) return known.verdict(who, service);
  switch (answer.status) {
    case 401:
      return failed(
        'unexplained',
        'The service does not accept the token, and does not say why.',
        'Read its words; compare the token by: mi-audit token.',
      );
    case 403:
      return failed('missing-role', `The token is accepted, and ${who} may not do this.`, grant(service, who));
    case 404:
      return {
        kind: 'undecided',
        trouble: { why: 'Nothing is at that address, or it is not shown to who may not see it.', fix: 'Check the name in the address.' },
      };
    case 429:
    case 503:
      return { kind: 'undecided', trouble: { why: 'The service is busy.', fix: 'Ask again in a minute.' } };
    default:
      return answer.status >= 500
        ? { kind: 'undecided', trouble: { why: 'The service failed by itself.', fix: 'Ask again; look at its health in the portal.' } }
        : { kind: 'undecided', trouble: { why: 'The answer is neither a yes nor a refusal.', fix: 'Read its words.' } };
  }
}

/** "No subscriptions" is what an identity without any role sees: a yes that is worth nothing. */
const noteOf = ({ body }: HostAnswer, { id }: TargetService): string =>
  id === 'arm' && /"value"\s*:\s*\[\s*\]/.test(body) ? 'it sees nothing: the identity holds no role on any subscription' : '';

interface KnownRefusal {
  readonly match: RegExp;
  readonly services?: readonly string[];
  readonly source: string;
  readonly verdict: (who: string, service: TargetService) => AnswerVerdict;
}

const vaultErrors = 'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes';
const storageErrors = 'https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes';
const cosmosErrors = 'https://learn.microsoft.com/azure/cosmos-db/nosql/troubleshoot-forbidden';
const armErrors = 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors';
const messagingErrors = 'https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-exceptions';

const knownRefusals: readonly KnownRefusal[] = [
  {
    // Before everything else that is a 403: the address was refused, nobody looked at the token.
    match:
      /ForbiddenByFirewall|ForbiddenByConnection|ForbiddenByNsp|client address is not authorized|public network access is disabled|not allowed by .{0,40}(?:firewall|network)|blocked by your Cosmos DB account firewall|request originated from .{0,60}(?:IP|VNET)|IpAuthorizationError|ip address .{0,60}not allowed|ip has been prevented|is not allowed access|network security perimeter/i,
    source: vaultErrors,
    verdict: () =>
      failed(
        'network-rule',
        "The service refused this host's address; it did not look at the identity.",
        'Reach it by a private endpoint, or add a network rule for this host. A role changes nothing.',
      ),
  },
  {
    match:
      /AKV10022|invalid audience|InvalidAuthenticationTokenAudience|audience (?:validation|is invalid|claim)|IDX10214|InvalidAudience/i,
    source: vaultErrors,
    verdict: wrongAudience,
  },
  {
    match: /AKV10032|invalid issuer|InvalidAuthenticationTokenTenant|wrong issuer|IDX10205/i,
    source: vaultErrors,
    verdict: () =>
      failed(
        'foreign-tenant',
        'The token comes from another tenant than the one this resource trusts.',
        "Use an identity of the resource's own tenant, or correct the address.",
      ),
  },
  {
    match: /ExpiredAuthenticationToken|token (?:is|has) expired|lifetime validation failed|IDX10223|AKV10046/i,
    source: armErrors,
    verdict: () =>
      failed('stale-token', 'The service takes the token for an old one.', "Check this machine's clock and recycle the process."),
  },
  {
    // Its detail may tell of an expiry or an issuer, which the entries above know.
    match: /InvalidAuthenticationInfo/i,
    services: ['blob-storage', 'data-lake-storage', 'queue-storage', 'table-storage', 'file-storage'],
    source: storageErrors,
    verdict: wrongAudience,
  },
  {
    match:
      /AuthorizationPermissionMismatch|ForbiddenByRbac|AuthorizationFailed|Authorization_RequestDenied|InsufficientAccessError|InsufficientPermissions/i,
    source: storageErrors,
    verdict: (who, service) =>
      failed('missing-role', `The token is accepted, and ${who} holds no role that allows this.`, grant(service, who)),
  },
  {
    match: /ForbiddenByPolicy|does not have (?:secrets|keys|certificates) .{0,20}permission/i,
    source: vaultErrors,
    verdict: (who) =>
      failed(
        'vault-on-access-policies',
        `The vault decides by access policies, and has none for ${who}. Roles have no effect there.`,
        `Add an access policy entry for ${who} with the permission that the answer names, or move the vault to roles (RBAC).`,
      ),
  },
  {
    match: /AuthorizationFailure/i,
    services: ['blob-storage', 'data-lake-storage', 'queue-storage', 'table-storage', 'file-storage'],
    source: storageErrors,
    verdict: () =>
      failed(
        'network-rule',
        'Storage says AuthorizationFailure when its network rules refuse the address; a missing role would be AuthorizationPermissionMismatch.',
        'Reach the account by a private endpoint, or add a network rule for this host.',
      ),
  },
  {
    match: /5301|does not have required RBAC permissions/i,
    services: ['cosmos-db'],
    source: cosmosErrors,
    verdict: (who, service) =>
      failed('native-role-missing', `The account's own roles decide, and ${who} has none there.`, grant(service, who)),
  },
  {
    match: /(?:Manage|EntityRead|Listen|Send)[\w, ]* claims? (?:is|are)? ?required/i,
    services: ['service-bus'],
    source: messagingErrors,
    verdict: () => ({
      kind: 'undecided',
      trouble: {
        why: 'The token is accepted. Listing needs more than sending or receiving does, and nothing smaller is harmless: whether the identity may send or receive was not tried.',
        fix: 'Nothing, if the app only sends or receives: mi-audit access PRINCIPAL --action … --on … answers for one role.',
      },
    }),
  },
];

function wrongAudience(_who: string, { name }: TargetService): AnswerVerdict {
  return failed(
    'wrong-audience',
    `${name} does not accept tokens for this audience.`,
    "Use the service's own SDK client, or its exact resource id; check that the address is of the same cloud as the audience.",
  );
}

const grant = ({ role }: TargetService, who: string): string =>
  `Grant to ${who}, on exactly this resource, the least role that the app needs; this read needs: ${role}. A grant takes up to 10 minutes to work.`;

const failed = (cause: string, why: string, fix: string): AnswerVerdict => ({ kind: 'failed', trouble: { cause, why, fix } });
