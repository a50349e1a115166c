import { defaultWatchSettings } from '../denials/index.ts';
import type { Channel } from '../outbox/index.ts';
import { defaultRuleSettings } from '../rules/index.ts';
import { readChannels } from './channels.ts';
import { environment, type Environment } from './environment.ts';
import type {
  CallerSettings,
  CloudSettings,
  CredentialSettings,
  MailSender,
  Problem,
  QueueSettings,
  Settings,
  StoreSettings,
  TelemetrySettings,
} from './settings.ts';

export type SettingsOrProblems = { readonly settings: Settings } | { readonly problems: readonly Problem[] };

/** Environment variables → settings, or every problem at once: an admin mends a deployment in one pass, not in five. */
export function readSettings(given: Readonly<Record<string, string | undefined>>): SettingsOrProblems {
  const named = Object.keys(environment.shape).map((name) => [name, given[name]?.trim()] as const);
  const present = Object.fromEntries(named.filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(present);
  const { channels, webhooks, problems } = readChannels(present, given);
  const together = [...problemsBetween(present), ...problems, ...mailProblems(present, channels)];
  if (parsed.success && together.length === 0) {
    const mail = channels.some(({ kind }) => kind === 'email') ? mailSenderOf(parsed.data) : undefined;
    return { settings: { ...settingsOf(parsed.data), channels, senders: { webhooks, ...(mail !== undefined && { mail }) } } };
  }
  const single = (parsed.error?.issues ?? []).map((issue) => ({ setting: String(issue.path[0]), text: issue.message }));
  return { problems: [...single, ...together] };
}

/** What no single setting can know. */
function problemsBetween(given: Readonly<Record<string, string | undefined>>): readonly Problem[] {
  const problems: Problem[] = [];
  const endpoints = ['CLOUD_RESOURCE_MANAGER_URL', 'CLOUD_GRAPH_URL', 'CLOUD_LOGS_URL', 'CLOUD_AUTHORITY_URL'] as const;
  for (const name of endpoints) {
    if (given['CLOUD'] === 'custom' && given[name] === undefined && name !== 'CLOUD_AUTHORITY_URL')
      problems.push({ setting: name, text: 'is needed because CLOUD is custom' });
    if (given['CLOUD'] !== 'custom' && given[name] !== undefined)
      problems.push({ setting: name, text: 'has no effect unless CLOUD is custom' });
  }
  if (given['AUDIT_MANAGEMENT_GROUPS'] !== undefined && given['AUDIT_SUBSCRIPTIONS'] !== undefined) {
    problems.push({ setting: 'AUDIT_SUBSCRIPTIONS', text: 'cannot stand beside AUDIT_MANAGEMENT_GROUPS: Azure takes one or the other' });
  }
  const [quiet, resolved] = [Number(given['QUIET_AFTER_MINUTES'] ?? 60), Number(given['RESOLVED_AFTER_MINUTES'] ?? 360)];
  if (quiet > resolved) problems.push({ setting: 'QUIET_AFTER_MINUTES', text: `cannot be more than RESOLVED_AFTER_MINUTES (${resolved})` });
  const store = given['STORE'];
  if (store !== undefined && /^http:/i.test(store))
    problems.push({ setting: 'STORE', text: 'must be an https URL: a token is never sent in the clear' });
  return problems;
}

/** Mail takes a sender and one way to send it. */
function mailProblems(given: Readonly<Record<string, string | undefined>>, channels: readonly Channel[]): readonly Problem[] {
  const problems: Problem[] = [];
  if (given['SMTP_URL'] !== undefined && given['ACS_ENDPOINT'] !== undefined)
    problems.push({ setting: 'ACS_ENDPOINT', text: 'cannot stand beside SMTP_URL: mail goes one way or the other' });
  if (!channels.some(({ kind }) => kind === 'email')) return problems;
  if (given['SMTP_URL'] === undefined && given['ACS_ENDPOINT'] === undefined)
    problems.push({ setting: 'SMTP_URL', text: 'or ACS_ENDPOINT is needed, because a channel is mail' });
  if (given['EMAIL_FROM'] === undefined) problems.push({ setting: 'EMAIL_FROM', text: 'is needed, because a channel is mail' });
  return problems;
}

function mailSenderOf({ SMTP_URL: url, ACS_ENDPOINT: endpoint, EMAIL_FROM: from }: Environment): MailSender | undefined {
  if (from === undefined) return undefined;
  if (endpoint !== undefined) return { kind: 'acs', endpoint, from };
  return url === undefined ? undefined : { kind: 'smtp', url, from };
}

function settingsOf(given: Environment): Omit<Settings, 'channels' | 'senders'> {
  const credential: CredentialSettings = {
    kind: given.CREDENTIAL,
    ...(given.AZURE_CLIENT_ID !== undefined && { clientId: given.AZURE_CLIENT_ID }),
  };
  const store =
    given.STORE === undefined ? undefined : storeOf(given.STORE, { ...credential, kind: given.STORE_CREDENTIAL ?? credential.kind });
  const queues = queuesOf(given, store, credential);
  return {
    cloud: cloudOf(given),
    credential,
    ...(store !== undefined && { store }),
    ...(queues !== undefined && { queues }),
    ...(given.SITE_URL !== undefined && { siteUrl: given.SITE_URL }),
    retentionDays: given.RETENTION_DAYS,
    schedule: given.AUDIT_SCHEDULE,
    shardRows: given.AUDIT_SHARD_ROWS,
    scope: { managementGroups: given.AUDIT_MANAGEMENT_GROUPS, subscriptions: given.AUDIT_SUBSCRIPTIONS },
    exclusions: { rules: given.EXCLUDE_RULES, scopes: given.EXCLUDE_SCOPES, tags: given.EXCLUDE_TAGS },
    rules: {
      ...defaultRuleSettings,
      principals: given.AUDIT_PRINCIPALS,
      replicationWindowMinutes: given.REPLICATION_WINDOW_MINUTES,
      broadGrantReviewDays: given.BROAD_GRANT_REVIEW_DAYS,
      federatedIssuersAllowed: given.FEDERATED_ISSUERS_ALLOWED,
      requiredTags: given.REQUIRED_TAGS,
      identityNamePattern: given.IDENTITY_NAME_PATTERN,
      environmentTag: given.ENVIRONMENT_TAG,
      assignmentLimitShare: given.ASSIGNMENT_LIMIT_SHARE,
      assignmentsPerSubscription: assignmentsPerSubscription[given.CLOUD],
    },
    watchSchedule: given.WATCH_SCHEDULE,
    watchGrantsSchedule: given.WATCH_GRANTS_SCHEDULE,
    workspaces: given.WORKSPACES,
    watch: {
      ...defaultWatchSettings,
      minDenials: given.BURST_MIN_DENIALS,
      spreadMinTargets: given.SPREAD_MIN_TARGETS,
      quietAfterMinutes: given.QUIET_AFTER_MINUTES,
      resolvedAfterMinutes: given.RESOLVED_AFTER_MINUTES,
      principals: given.AUDIT_PRINCIPALS === 'all' ? 'all' : 'workloads',
    },
    api: callersOf(given),
    telemetry: telemetryOf(given),
    ...(given.AUDIT_NOW !== undefined && { now: given.AUDIT_NOW }),
  };
}

function telemetryOf({ TELEMETRY: kind, APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString }: Environment): TelemetrySettings {
  if (kind !== undefined) return { kind };
  return connectionString === undefined ? { kind: 'off' } : { kind: 'application-insights', connectionString };
}

function callersOf(given: Environment): CallerSettings {
  return {
    audiences: given.API_AUDIENCE,
    allowedOrigins: given.API_ALLOWED_ORIGINS,
    ...(given.API_TENANT_ID !== undefined && { tenantId: given.API_TENANT_ID.toLowerCase() }),
    ...(given.API_AUTHORITY_URL !== undefined && { authorityUrl: given.API_AUTHORITY_URL }),
    ...(given.API_SUBSCRIPTIONS_BY_GROUP !== undefined && { subscriptionsByGroup: given.API_SUBSCRIPTIONS_BY_GROUP }),
    ...(given.TAB_CLIENT_ID !== undefined && { clientId: given.TAB_CLIENT_ID }),
  };
}

/** https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits: the sovereign clouds have half. */
const assignmentsPerSubscription: Readonly<Record<CloudSettings['name'], number>> = {
  AzureCloud: 4000,
  AzureUSGovernment: 2000,
  AzureChinaCloud: 2000,
  custom: 4000,
};

function cloudOf(given: Environment): CloudSettings {
  return {
    name: given.CLOUD,
    ...(given.CLOUD_RESOURCE_MANAGER_URL !== undefined && { resourceManagerUrl: given.CLOUD_RESOURCE_MANAGER_URL }),
    ...(given.CLOUD_GRAPH_URL !== undefined && { graphUrl: given.CLOUD_GRAPH_URL }),
    ...(given.CLOUD_LOGS_URL !== undefined && { logsUrl: given.CLOUD_LOGS_URL }),
    ...(given.CLOUD_AUTHORITY_URL !== undefined && { authorityUrl: given.CLOUD_AUTHORITY_URL }),
    ...(given.CLOUD_CA_FILE !== undefined && { caFile: given.CLOUD_CA_FILE }),
  };
}

/** A connection string has `Name=value;` pairs; what is neither that nor a URL is a folder. */
function storeOf(given: string, credential: CredentialSettings): StoreSettings {
  if (/^https:\/\//i.test(given)) return { kind: 'account', url: given.replace(/\/+$/, ''), credential };
  if (/(^|;)\s*(AccountName|TableEndpoint|UseDevelopmentStorage|DefaultEndpointsProtocol|SharedAccessSignature)\s*=/i.test(given)) {
    return { kind: 'connection-string', connectionString: given };
  }
  return { kind: 'folder', path: given };
}

/** The account that holds the rows holds the queue too, unless a setting says otherwise. */
function queuesOf(given: Environment, store: StoreSettings | undefined, credential: CredentialSettings): QueueSettings | undefined {
  if (given.STORE_QUEUES !== undefined)
    return { kind: 'account', url: given.STORE_QUEUES, credential: { ...credential, kind: given.STORE_CREDENTIAL ?? credential.kind } };
  if (store?.kind === 'connection-string') return hasQueues(store.connectionString) ? store : undefined;
  if (store?.kind !== 'account') return undefined;
  const url = store.url.replace(/^(https:\/\/[a-z0-9-]+)\.table\./i, '$1.queue.');
  return url === store.url ? undefined : { ...store, url };
}

/** One that names only its table endpoint leads to no queue. */
const hasQueues = (connectionString: string): boolean =>
  /(^|;)\s*(AccountName|QueueEndpoint|UseDevelopmentStorage)\s*=/i.test(connectionString) &&
  (!/TableEndpoint\s*=/i.test(connectionString) || /QueueEndpoint\s*=/i.test(connectionString));
