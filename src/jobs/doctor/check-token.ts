import { judgeToken, readToken, type TokenCheck, type TokenClaims } from '../judge-token.ts';
import type { HostProbe } from '../../ports/index.ts';
import { askToken, type Signing, type TokenAnswer } from './ask-token.ts';
import { quoted, type CauseId, type Check } from './check.ts';
import type { IdentitySource } from './identity-source.ts';

export interface Expected {
  readonly resource: string;
  readonly principal?: string | undefined;
  readonly tenant?: string | undefined;
  /** The clock that tokens are judged by. */
  readonly now: string;
}

const why = 'Every call to Azure carries a token of the identity that answers here.';

/** A token with the client id that is named, and one without: which identity answers depends on it. */
export async function checkTokens(
  probe: HostProbe,
  source: Signing,
  clientId: string | undefined,
  expected: Expected,
): Promise<readonly Check[]> {
  const chosen = await askToken(probe, source, expected.resource, clientId);
  const check = tokenCheck(
    'token',
    chosen,
    clientId === undefined ? (source.kind === 'azure-cli' ? 'the Azure CLI' : 'no client id') : `client id ${clientId}`,
    expected,
  );
  const claims = chosen.kind === 'token' ? claimChecks(chosen.claims, expected) : [];
  const clock = chosen.kind === 'token' ? clockCheck(chosen.date, probe.nowMs()) : [];
  if (clientId === undefined || source.kind === 'workload-identity' || source.kind === 'azure-cli') return [check, ...claims, ...clock];
  return [check, await unnamed(probe, source, chosen, expected), ...claims, ...clock];
}

function tokenCheck(id: string, answer: TokenAnswer, asked: string, { resource }: Expected): Check {
  if (answer.kind === 'none')
    return {
      id,
      verdict: answer.again ? 'skipped' : 'failed',
      saw: `Asked with ${asked} for ${quoted(resource)}: ${answer.saw}.`,
      why: answer.trouble.why,
      fix: answer.trouble.fix,
      ...(answer.trouble.cause !== undefined && { cause: answer.trouble.cause }),
    };
  return { id, verdict: 'ok', saw: `Asked with ${asked} for ${quoted(resource)}: a token ${whose(answer.claims)}.`, why, fix: '' };
}

/** Code that forgets the client id gets this one, or an error. */
async function unnamed(probe: HostProbe, source: IdentitySource, chosen: TokenAnswer, expected: Expected): Promise<Check> {
  const answer = await askToken(probe, source, expected.resource, undefined);
  const id = 'token-default';
  if (answer.kind === 'none') {
    // Where the named one fails too, this is the same story again.
    const same = chosen.kind === 'none';
    return {
      id,
      verdict: answer.again ? 'skipped' : 'warning',
      saw: `Asked without a client id: ${answer.saw}.`,
      why: same
        ? answer.trouble.why
        : 'Code that does not name the client id fails here: ManagedIdentityCredential does not read AZURE_CLIENT_ID, DefaultAzureCredential does.',
      fix: same ? answer.trouble.fix : 'Give the client id to the credential in code, or use DefaultAzureCredential with AZURE_CLIENT_ID.',
      ...(answer.trouble.cause !== undefined && { cause: answer.trouble.cause }),
    };
  }
  const other = chosen.kind === 'token' && chosen.claims?.oid !== answer.claims?.oid;
  if (!other && chosen.kind === 'token')
    return { id, verdict: 'ok', saw: 'Asked without a client id: the same identity answers.', why, fix: '' };
  return {
    id,
    verdict: 'warning',
    saw: `Asked without a client id: a token ${whose(answer.claims)}.`,
    why:
      chosen.kind === 'token'
        ? 'Another identity than the named one answers. Roles granted to one do not help the other.'
        : 'Only this identity answers; the named one does not.',
    fix: 'Name in code the client id of the identity that holds the roles, or correct AZURE_CLIENT_ID.',
    cause: 'wrong-identity',
  };
}

const whose = (claims: TokenClaims | undefined): string =>
  claims === undefined
    ? 'that cannot be read (opaque)'
    : quoted(
        `of object id ${claims.oid || 'unknown'}, client id ${claims.appid || 'unknown'}${claims.xms_mirid === '' ? '' : `, ${claims.xms_mirid}`}`,
        400,
      );

const causeOf: Readonly<Record<TokenCheck['claim'], CauseId>> = {
  audience: 'wrong-audience',
  principal: 'wrong-identity',
  tenant: 'foreign-tenant',
  expiry: 'stale-token',
};
const fixOf: Readonly<Record<TokenCheck['claim'], string>> = {
  audience: "Ask for the service's exact resource id.",
  principal: 'Name the client id of the identity that holds the roles: AZURE_CLIENT_ID, or the option of the credential in code.',
  tenant: 'Use an identity of that tenant; a managed identity signs in to its own tenant only.',
  expiry:
    'Recycle the process, and hold the credential instead of the token: it renews tokens by itself. If the clock check below fails too, correct the clock.',
};
const whyOf: Readonly<Record<TokenCheck['claim'], string>> = {
  audience: 'A service accepts tokens for its own audience only.',
  principal: 'Roles belong to one principal.',
  tenant: 'A token is good in the tenant that issued it.',
  expiry: 'A token is good for a limited time.',
};

function claimChecks(claims: TokenClaims | undefined, expected: Expected): readonly Check[] {
  if (claims === undefined)
    return [{ id: 'claims', verdict: 'skipped', saw: 'The token is opaque: what it says cannot be read.', why: whyOf.audience, fix: '' }];
  return judgeToken(claims, expected).map(({ claim, ok, text }) => ({
    id: claim,
    verdict: ok ? ('ok' as const) : ('failed' as const),
    saw: quoted(text),
    why: whyOf[claim],
    fix: ok ? '' : fixOf[claim],
    ...(!ok && { cause: causeOf[claim] }),
  }));
}

/** Microsoft Entra ID and the services tolerate five minutes. */
const skewMinutesMax = 5;

/** By the Date header of the endpoint, where it sends one. */
export function clockCheck(date: string | undefined, nowMs: number): readonly Check[] {
  const there = Date.parse(date ?? '');
  if (Number.isNaN(there)) return [];
  const seconds = Math.round((nowMs - there) / 1000);
  const ok = Math.abs(seconds) <= skewMinutesMax * 60;
  return [
    {
      id: 'clock',
      verdict: ok ? 'ok' : 'failed',
      saw: ok
        ? `This machine's clock agrees with the endpoint's (${seconds} s apart).`
        : `This machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the endpoint's.`,
      why: `Tokens are refused as expired or not yet valid when a clock is more than ${skewMinutesMax} minutes off.`,
      fix: ok ? '' : 'Correct the clock: switch time synchronisation on.',
      ...(!ok && { cause: 'stale-token' }),
    },
  ];
}

/** The projected token of a pod: what Microsoft Entra ID compares with the federated credential, letter by letter. */
export async function checkTokenFile(
  probe: HostProbe,
  { tokenFile }: Extract<IdentitySource, { kind: 'workload-identity' }>,
  nowMs: number,
): Promise<Check> {
  const text = await probe.readText(tokenFile);
  const claims = text === undefined ? undefined : readToken(text);
  const about = 'Issuer, subject and audience of this file must equal those of a federated credential of the identity, letter by letter.';
  if (claims === undefined)
    return {
      id: 'token-file',
      verdict: 'failed',
      saw: `${quoted(tokenFile)} ${text === undefined ? 'cannot be read' : 'holds no token'}.`,
      why: about,
      fix: 'Check the volume of the token in the pod (kubectl describe pod) and the rights of the process to read it.',
      cause: 'federation-mismatch',
    };
  const expired = Date.parse(claims.exp) < nowMs;
  const audience = claims.aud.split(' ').some((one) => one.toLowerCase().startsWith('api://azureadtokenexchange'));
  return {
    id: 'token-file',
    verdict: expired || !audience ? 'failed' : 'ok',
    saw: quoted(
      `issuer ${claims.iss || 'none'}, subject ${claims.sub || 'none'}, audience ${claims.aud || 'none'}, until ${claims.exp || 'unknown'}.`,
      500,
    ),
    why: about,
    fix: expired
      ? 'The kubelet renews the file: read it anew for each sign-in, and restart the pod.'
      : audience
        ? ''
        : 'Let the webhook project the token, with the audience api://AzureADTokenExchange.',
    ...((expired || !audience) && { cause: 'federation-mismatch' }),
  };
}
