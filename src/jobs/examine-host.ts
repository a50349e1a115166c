import type { AuditorReads, HostProbe } from '../ports/index.ts';
import { askToken, type Signing, type TokenAnswer } from './doctor/ask-token.ts';
import { checkEndpoint, checkProxy, checkSource } from './doctor/check-endpoint.ts';
import { checkTokenFile, checkTokens } from './doctor/check-token.ts';
import { quoted, type Check, type Verdict } from './doctor/check.ts';
import { examineTarget, type TargetReport } from './doctor/examine-target.ts';

import { arcAgent, identitySource } from './doctor/identity-source.ts';
import type { Environment } from './doctor/proxy-route.ts';

export type { Check, Verdict } from './doctor/check.ts';
export type { TargetReport } from './doctor/examine-target.ts';

export interface HostExamination {
  readonly probe: HostProbe;
  readonly environment: Environment;
  readonly cloud: CloudEndpoints;
  readonly credential: 'managed-identity' | 'azure-cli';
  readonly clientId?: string | undefined;
  /** What the token should be for. Absent: Azure Resource Manager. */
  readonly resource?: string | undefined;
  readonly principal?: string | undefined;
  readonly tenant?: string | undefined;
  readonly targets: readonly URL[];
  /** Present: check what the auditor may read, too. */
  readonly auditor?: AuditorReads | undefined;
  readonly now: string;
  readonly progress: (line: string) => void;
}

export interface CloudEndpoints {
  readonly resourceManager: string;
  readonly graph?: string | undefined;
  readonly logs?: string | undefined;
}

/** The published contract `mi-audit/doctor/v1`. Fields are added, never renamed or removed. No token is in it. */
export interface HostReport {
  readonly schema: 'mi-audit/doctor/v1';
  readonly checkedAt: string;
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  readonly targets: readonly TargetReport[];
  readonly auditor: readonly Check[];
  readonly summary: Readonly<Record<Verdict, number>>;
}

/** Looks at the chain that ends in a token, link by link, as a program on this host would use it; then at what it depends on. Changes nothing. */
export async function examineHost(request: HostExamination): Promise<HostReport> {
  const { probe, credential, progress } = request;
  progress('looking at the identity endpoint');
  const { checks, signing } = credential === 'azure-cli' ? await asCliUser(request) : await asIdentity(request);
  const tokens = new Map<string, Promise<TokenAnswer>>();
  const token = (audience: string): Promise<TokenAnswer> => {
    const known = tokens.get(audience) ?? askToken(probe, signing!, audience, request.clientId);
    tokens.set(audience, known);
    return known;
  };
  const targets: TargetReport[] = [];
  for (const url of request.targets) {
    progress(`trying ${url.hostname}`);
    targets.push(
      await examineTarget(url, {
        probe,
        environment: request.environment,
        cloud: request.cloud,
        source: signing,
        token,
        resource: request.resource,
      }),
    );
  }
  const auditor = request.auditor === undefined ? [] : await auditorChecks(request.auditor, progress);
  const verdicts = [...checks, ...auditor, ...targets.flatMap(({ hops }) => hops)].map(({ verdict }) => verdict);
  const count = (wanted: Verdict): number => verdicts.filter((verdict) => verdict === wanted).length;
  const summary = { ok: count('ok'), warning: count('warning'), failed: count('failed'), skipped: count('skipped') };
  return {
    schema: 'mi-audit/doctor/v1',
    checkedAt: new Date(probe.nowMs()).toISOString(),
    verdict: summary.failed > 0 ? 'failed' : summary.skipped > 0 ? 'skipped' : summary.warning > 0 ? 'warning' : 'ok',
    checks,
    targets,
    auditor,
    summary,
  };
}

interface Examined {
  readonly checks: readonly Check[];
  /** How to sign in; undefined where there is no use in trying. */
  readonly signing: Signing | undefined;
}

async function asIdentity(request: HostExamination): Promise<Examined> {
  const { probe, environment, clientId } = request;
  const found = identitySource(environment, await probe.exists(arcAgent));
  const source = checkSource(found);
  if (source.verdict === 'failed') return { checks: [source], signing: undefined };
  const proxy = await checkProxy(probe, environment, found.source);
  const endpoint = await checkEndpoint(probe, found);
  const before = [source, ...(proxy === undefined ? [] : [proxy]), endpoint];
  const file = found.source.kind === 'workload-identity' ? [await checkTokenFile(probe, found.source, probe.nowMs())] : [];
  if (endpoint.verdict === 'failed')
    return {
      checks: [
        ...before,
        ...file,
        {
          id: 'token',
          verdict: 'skipped',
          saw: 'Not asked for: the identity endpoint does not answer.',
          why: 'What comes before decides.',
          fix: '',
        },
      ],
      signing: undefined,
    };
  const tokens = await checkTokens(probe, found.source, clientId, expectedOf(request));
  return { checks: [...before, ...file, ...tokens], signing: found.source };
}

async function asCliUser(request: HostExamination): Promise<Examined> {
  const signing: Signing = { kind: 'azure-cli' };
  return { checks: await checkTokens(request.probe, signing, undefined, expectedOf(request)), signing };
}

const expectedOf = ({ resource, cloud, principal, tenant, now }: HostExamination) => ({
  resource: resource ?? cloud.resourceManager,
  principal,
  tenant,
  now,
});

async function auditorChecks(reads: AuditorReads, progress: (line: string) => void): Promise<readonly Check[]> {
  progress('trying what the auditor must be able to read');
  return (await reads.tryAll()).map(({ permission, plane, lost, outcome, text }) => ({
    id: permission,
    verdict: outcome === 'allowed' ? ('ok' as const) : outcome === 'refused' ? ('failed' as const) : ('skipped' as const),
    saw: quoted(text),
    why: outcome === 'allowed' ? lost : `Without it: ${lost}`,
    fix:
      outcome === 'refused'
        ? plane === 'graph'
          ? `Grant the Microsoft Graph application permission ${permission} to the auditor's identity (docs/permissions.md).`
          : `Grant a role with ${permission} to the auditor's identity at the root management group (docs/permissions.md).`
        : '',
    ...(outcome === 'refused' && { cause: 'missing-role' }),
  }));
}
