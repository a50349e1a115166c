import * as az from '../../remedy/az.ts';
import { silent, type Cause, type CauseEvidence, type CauseFix } from '../cause.ts';
import type { Scene } from '../scene.ts';
import { refusal } from './steps.ts';

export const codes = /aadsts(?:70021|700211|700212|7002121|700213|7002131|700222|700226|700227|700236|700229|700238)\b/;

export const federationMismatch: Cause = {
  id: 'federation-mismatch',
  title: 'The federated credential does not match the workload',
  explain: `A workload outside of Azure's own hosts (a pod with workload identity, a GitHub workflow) exchanges its own token for one of the identity. Issuer, subject and audience of that token must
equal a federated credential of the identity, letter by letter and in the same case.

**Recognise it** by AADSTS700211 (issuer), AADSTS700213 (subject), AADSTS700212 (audience) and AADSTS70021 (any of them; also for a few minutes after a credential was created).
It starts with a renamed service account or namespace, a rebuilt cluster (new issuer), a renamed branch or environment.

**Fix it** by creating or correcting the credential with the values that the error names. Do not widen the subject with a wildcard.`,
  references: [
    'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations',
    'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
  ],
  needs: ['logs', 'estate'],
  judge: (scene) => {
    if (!codes.test(scene.text)) return silent;
    const presented = presentedIn(scene);
    const { identity } = scene.failing;
    const own = scene.estate.federatedCredentials.filter((one) => one.identity === identity?.key);
    const differs = own.flatMap((one) =>
      differences(one, presented).map((what): CauseEvidence => ({ label: one.name, value: what, source: 'arm' })),
    );
    return {
      kind: 'fits',
      confidence: matchingCredential(scene) === undefined && /aadsts70021[1-3]|aadsts700(?:22|23)/.test(scene.text) ? 'certain' : 'likely',
      weight: 92,
      why: `${scene.failing.label} has no federated credential that matches the token of the workload${presented.subject ? ` (subject ${presented.subject})` : ''}.`,
      evidence: [refusal(scene), ...differs.slice(0, 5)],
      fix: fixes(scene, presented, own),
      check: [identity && az.command('identity federated-credential list', credentialPlace(identity.resourceId))],
    };
  },
};

/** The credential that equals what the workload presented, as far as the error says what that was. */
export function matchingCredential(scene: Scene): Own | undefined {
  if (!codes.test(scene.text)) return undefined;
  const presented = presentedIn(scene);
  if (presented.issuer === undefined && presented.subject === undefined) return undefined;
  return scene.estate.federatedCredentials.find(
    (one) => one.identity === scene.failing.identity?.key && one.subject !== undefined && differences(one, presented).length === 0,
  );
}

interface Presented {
  readonly issuer?: string | undefined;
  readonly subject?: string | undefined;
  readonly audience?: string | undefined;
}

/** Entra ID names what the workload presented: "… presented assertion subject 'system:serviceaccount:ns:sa'", "issuer 'https://…'". */
function presentedIn(scene: Scene): Presented {
  const sample = scene.burst.denials.map((denial) => denial.sample).join('\n');
  const of = (what: string): string | undefined => new RegExp(`${what}\\s*[:=]?\\s*['"\`]([^'"\`]+)['"\`]`, 'i').exec(sample)?.[1];
  return { issuer: of('issuer'), subject: of('subject'), audience: of('audience') };
}

type Own = Scene['estate']['federatedCredentials'][number];

function differences(one: Own, presented: Presented): readonly string[] {
  return [
    ...(presented.issuer !== undefined && presented.issuer !== one.issuer
      ? [`issuer is ${one.issuer}, presented was ${presented.issuer}`]
      : []),
    ...(presented.subject !== undefined && one.subject !== undefined && presented.subject !== one.subject
      ? [`subject is ${one.subject}, presented was ${presented.subject}`]
      : []),
    ...(presented.audience !== undefined && !one.audiences.includes(presented.audience)
      ? [`audiences are ${one.audiences.join(', ')}, presented was ${presented.audience}`]
      : []),
  ];
}

function fixes(scene: Scene, presented: Presented, own: readonly Own[]): readonly CauseFix[] {
  const { identity } = scene.failing;
  const near =
    own.find((one) => one.issuer === presented.issuer) ??
    own.find((one) => one.subject !== undefined && one.subject === presented.subject) ??
    (own.length === 1 ? own[0] : undefined);
  const issuers = new Set(own.map((one) => one.issuer));
  const issuer = presented.issuer ?? near?.issuer ?? (issuers.size === 1 ? own[0]?.issuer : undefined);
  const subject = presented.subject ?? near?.subject;
  if (identity === undefined || issuer === undefined || subject === undefined) {
    return [
      {
        text: 'Create or correct the federated credential so that issuer, subject and audience equal those of the token that the workload presents, letter by letter.',
      },
    ];
  }
  const audiences = [presented.audience ?? near?.audiences[0] ?? 'api://AzureADTokenExchange'];
  if (near)
    return [
      az.step(
        `Correct ${near.name}, if its old subject is no longer in use.`,
        az.updateCredential({ id: near.id, issuer, subject, audiences }),
      ),
    ];
  return [
    az.step(
      'Create the credential that the workload presents.',
      az.command('identity federated-credential create', {
        name: 'workload',
        ...credentialPlace(identity.resourceId),
        issuer,
        subject,
        audiences,
      }),
    ),
  ];
}

function credentialPlace(identityId: string): Record<string, string> {
  const [, subscription = '', group = '', name = ''] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/.*\/([^/]+)$/i.exec(identityId) ?? [];
  return { 'identity-name': name, 'resource-group': group, subscription };
}
