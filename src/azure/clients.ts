import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  type HttpClient,
  type Pipeline,
} from '@azure/core-rest-pipeline';
import { LogsQueryClient } from '@azure/monitor-query-logs';
import type { Calls } from '../findings/index.ts';
import type { QuotaBudget } from '../ports/index.ts';
import { callCounter, type Family } from './calls.ts';
import { callerOf, type Caller } from './caller.ts';
import type { Cloud } from './cloud.ts';
import { deadline } from './deadline.ts';
import { guard, guardName } from './guard.ts';
import { quotaLimiter } from './limiter.ts';
import { logsLimiter } from './logs/logs-limiter.ts';
import { noContentIsEmpty } from './logs/no-content.ts';
import { rest, type Rest } from './rest.ts';
import { toldHttpClient } from './told-http-client.ts';
import { sharedQuota } from './shared-quota.ts';
import { wait as realWait, type Wait } from './wait.ts';

/** Everything the collector talks to, built once per process by compose. All of it passes the guard and is counted. */
export interface AzureClients {
  readonly cloud: Cloud;
  readonly resourceGraph: ResourceGraphClient;
  readonly authorization: AuthorizationManagementClient;
  readonly arm: Rest;
  readonly graph: Rest;
  readonly logs: LogsQueryClient;
  readonly wait: Wait;
  /** Calls so far, by family. */
  calls(): Calls;
  /** Signs in. Throws when that fails. */
  caller(): Promise<Caller>;
}

export interface ClientOptions {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly wait?: Wait;
  /** Epoch milliseconds, for quotas; never for what is audited. */
  readonly nowMs?: () => number;
  /** What all instances of the auditor may ask together. Absent: this one is alone. */
  readonly quota?: QuotaBudget | undefined;
  /** Replaces the wire, in tests. */
  readonly httpClient?: HttpClient;
  readonly timeoutSeconds?: number;
  readonly retryDelayMs?: number;
}

/** What a log query may take; the service's own default and limit are 180 and 600. */
export const logsWaitSeconds = 180;

export function azureClients(options: ClientOptions): AzureClients {
  const { cloud, credential } = options;
  const wait = options.wait ?? realWait;
  const nowMs = options.nowMs ?? Date.now;
  const shared = options.quota && sharedQuota(options.quota, { wait, nowMs });
  const wire = options.httpClient ?? createDefaultHttpClient();
  const counter = callCounter();
  const pipelineOptions = {
    retryOptions: { maxRetries: 3, retryDelayInMs: options.retryDelayMs ?? 1000, maxRetryDelayInMs: 30_000 },
    // A token must not follow a redirect to somewhere else; none of these services redirects.
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: 'mi-audit' },
    ...(cloud.ca === undefined ? {} : { tlsOptions: { ca: cloud.ca } }),
  };
  const fence = (pipeline: Pipeline, family: Family, timeoutSeconds = options.timeoutSeconds ?? 100): Pipeline => {
    pipeline.addPolicy(deadline(timeoutSeconds * 1000), { afterPhase: 'Sign' });
    pipeline.addPolicy(guard(cloud), { afterPhase: 'Sign', afterPolicies: ['mi-audit-deadline'] });
    pipeline.addPolicy(counter.counting(family), { afterPhase: 'Sign', afterPolicies: [guardName] });
    return pipeline;
  };
  const resourceGraph = new ResourceGraphClient(credential, {
    ...pipelineOptions,
    httpClient: toldHttpClient('resource-graph', wire),
    endpoint: cloud.resourceManager,
    credentials: { scopes: [cloud.scopes.resourceManager] },
  });
  resourceGraph.pipeline.addPolicy(quotaLimiter({ wait, nowMs, shared }), { afterPhase: 'Retry' });
  fence(resourceGraph.pipeline, 'resourceGraph');

  // The subscription id is only used by operations that the product does not call.
  const authorization = new AuthorizationManagementClient(credential, '', {
    ...pipelineOptions,
    httpClient: toldHttpClient('arm', wire),
    endpoint: cloud.resourceManager,
    credentialScopes: [cloud.scopes.resourceManager],
  });
  fence(authorization.pipeline, 'arm');

  const logs = new LogsQueryClient(credential, {
    ...pipelineOptions,
    // A query that ran into its time limit does so again.
    retryOptions: { ...pipelineOptions.retryOptions, maxRetries: 2 },
    httpClient: toldHttpClient('logs', wire),
    endpoint: `${cloud.logs}/v1`,
    credentials: { scopes: [cloud.scopes.logs] },
  });
  logs.pipeline.addPolicy(logsLimiter({ wait, nowMs: options.nowMs ?? Date.now }), { afterPhase: 'Retry' });
  logs.pipeline.addPolicy(noContentIsEmpty, { afterPhase: 'Retry' });
  // Longer than the service is told to wait, so that its own answer comes first.
  fence(logs.pipeline, 'logs', options.timeoutSeconds ?? logsWaitSeconds + 20);

  const restClient = (base: string, scope: string, family: 'arm' | 'graph') => {
    const pipeline = createPipelineFromOptions(pipelineOptions);
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: [scope] }), { phase: 'Sign' });
    return rest(base, fence(pipeline, family), toldHttpClient(family, wire));
  };
  return {
    cloud,
    resourceGraph,
    authorization,
    arm: restClient(cloud.resourceManager, cloud.scopes.resourceManager, 'arm'),
    graph: restClient(cloud.graph, cloud.scopes.graph, 'graph'),
    logs,
    wait,
    calls: counter.sofar,
    caller: () => callerOf(credential, cloud),
  };
}
