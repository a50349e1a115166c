import { z } from 'zod';
import { rules } from '../rules/index.ts';
import {
  arrayOf,
  authorityUrl,
  guid,
  httpsUrl,
  instant,
  mailAddress,
  origin,
  resourceId,
  scheduleText,
  secretText,
  subscriptionsByGroup,
  text,
  whole,
} from './field.ts';

/**
 * Every setting: name, meaning, default, and what may stand there. The documentation page, `local.settings.sample.json` and
 * `mi-audit settings` are made from this list. An empty value counts as absent.
 */
export const environment = z.object({
  CLOUD: z
    .enum(['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud', 'custom'], {
      error: 'must be one of AzureCloud, AzureUSGovernment, AzureChinaCloud, custom',
    })
    .default('AzureCloud')
    .meta({
      group: 'Cloud',
      about: 'Which Azure to audit, by the name that `az cloud list` gives it. `custom` takes its endpoints from the CLOUD_*_URL settings.',
      example: 'AzureCloud',
    }),
  CLOUD_RESOURCE_MANAGER_URL: httpsUrl
    .optional()
    .meta({ group: 'Cloud', about: 'Azure Resource Manager of a custom cloud.', example: 'https://management.azure.com' }),
  CLOUD_GRAPH_URL: httpsUrl
    .optional()
    .meta({ group: 'Cloud', about: 'Microsoft Graph of a custom cloud.', example: 'https://graph.microsoft.com' }),
  CLOUD_LOGS_URL: httpsUrl
    .optional()
    .meta({ group: 'Cloud', about: 'Log Analytics query endpoint of a custom cloud.', example: 'https://api.loganalytics.azure.com' }),
  CLOUD_AUTHORITY_URL: httpsUrl.optional().meta({
    group: 'Cloud',
    about: 'Sign-in authority of a custom cloud. Absent: its Resource Manager.',
    example: 'https://login.microsoftonline.com',
  }),
  CLOUD_CA_FILE: text.optional().meta({
    group: 'Cloud',
    about: "PEM file of the authority that signed the endpoints' certificates, where the machine does not know it.",
    example: '/etc/ssl/private-cloud.pem',
  }),

  CREDENTIAL: z
    .enum(['managed-identity', 'azure-cli'], { error: 'must be managed-identity or azure-cli' })
    .default('managed-identity')
    .meta({
      group: 'Credentials',
      about:
        'How the auditor signs in to Azure: as its managed identity, or as whoever is signed in to the Azure CLI. Never a chain of guesses.',
      example: 'azure-cli',
    }),
  AZURE_CLIENT_ID: guid.optional().meta({
    group: 'Credentials',
    about: "Client id of the auditor's user-assigned identity. Absent: the system-assigned one.",
    example: '00000000-0000-0000-0000-000000000000',
  }),

  STORE: text.optional().meta({
    group: 'Store',
    secret: 'in part',
    about:
      "Where findings live: a folder (embedded SQLite), the https URL of a storage account's table endpoint, or a connection string. Absent: nothing is kept between runs.",
    example: 'https://ACCOUNT.table.core.windows.net',
  }),
  STORE_CREDENTIAL: z.enum(['managed-identity', 'azure-cli'], { error: 'must be managed-identity or azure-cli' }).optional().meta({
    group: 'Store',
    about: 'How the auditor signs in to the storage account of STORE, where STORE is a URL. Absent: as CREDENTIAL says.',
    example: 'managed-identity',
  }),
  STORE_QUEUES: httpsUrl.optional().meta({
    group: 'Store',
    about:
      'https URL of the queue endpoint that wakes the function `notify`. Absent: that of the storage account of STORE; with a folder there is none, and only the timer delivers.',
    example: 'https://ACCOUNT.queue.core.windows.net',
  }),

  RETENTION_DAYS: whole(30, 3_650).default(400).meta({
    group: 'Store',
    about: 'Days after which resolved findings with their history, and runs of audits, are forgotten. What still stands is kept.',
    example: '400',
  }),
  PRUNE_SCHEDULE: scheduleText.default('0 40 3 * * *').meta({
    group: 'Store',
    about: 'When the function app forgets what is older than that: six NCRONTAB fields, UTC.',
    example: '0 40 3 * * *',
  }),

  AUDIT_SCHEDULE: scheduleText.default('0 0 5 * * *').meta({
    group: 'Audit',
    about: 'When the function app audits: six NCRONTAB fields (second minute hour day month weekday), UTC.',
    example: '0 0 5 * * *',
  }),
  AUDIT_MANAGEMENT_GROUPS: arrayOf(text).meta({
    group: 'Audit',
    about: 'Management groups to audit, by id, comma-separated. Absent: the whole tenant.',
    example: 'landing-zones,platform',
  }),
  AUDIT_SUBSCRIPTIONS: arrayOf(guid).meta({
    group: 'Audit',
    about: 'Subscriptions to audit, comma-separated. Absent: the whole tenant.',
    example: '00000000-0000-0000-0000-000000000000',
  }),
  AUDIT_PRINCIPALS: z
    .enum(['managed-identities', 'workloads', 'all'], { error: 'must be one of managed-identities, workloads, all' })
    .default('managed-identities')
    .meta({ group: 'Audit', about: 'Whose grants are judged. Orphans are always judged, whoever they were.', example: 'workloads' }),
  AUDIT_SHARD_ROWS: whole(1, 10_000_000).default(100_000).meta({
    group: 'Audit',
    about:
      'Role assignments and resources with or for identities that the function app audits in one go. A tenant with more is audited in shards of about so many, by way of the queue `audit-shard`.',
    example: '100000',
  }),
  AUDIT_NOW: instant
    .optional()
    .meta({ group: 'Audit', about: 'A fixed clock, to replay a recorded tenant. Absent: the present.', example: '2026-11-20T08:00:00Z' }),

  REPLICATION_WINDOW_MINUTES: whole(0, 10_080).default(60).meta({
    group: 'Rules',
    about: 'A principal or assignment younger than this may just not have replicated yet: never called an orphan.',
    example: '60',
  }),
  BROAD_GRANT_REVIEW_DAYS: whole(1, 3_650)
    .default(30)
    .meta({ group: 'Rules', about: 'Age at which a broad grant that nobody narrowed is reported.', example: '30' }),
  FEDERATED_ISSUERS_ALLOWED: arrayOf(text).meta({
    group: 'Rules',
    about: 'Issuer prefixes that federated credentials may name, comma-separated. Absent: any issuer.',
    example: 'https://token.actions.githubusercontent.com',
  }),
  REQUIRED_TAGS: arrayOf(text).meta({
    group: 'Rules',
    about: 'Tags every identity must carry, comma-separated. Absent: `unowned-identity` does not look at tags.',
    example: 'owner,application,cost-centre',
  }),
  IDENTITY_NAME_PATTERN: text.optional().meta({
    group: 'Rules',
    about: 'Pattern that identity names follow; each {word} stands for one part. Absent: names are free.',
    example: '{app}-{env}-identity',
  }),
  ENVIRONMENT_TAG: text
    .default('environment')
    .meta({ group: 'Rules', about: "Tag that names a resource's environment.", example: 'environment' }),
  ASSIGNMENT_LIMIT_SHARE: z.coerce
    .number({ error: 'must be a number between 0 and 1' })
    .gt(0, { error: 'must be a number between 0 and 1' })
    .max(1, { error: 'must be a number between 0 and 1' })
    .default(0.8)
    .meta({ group: 'Rules', about: "Share of Azure's limit on role assignments from which a scope is reported.", example: '0.8' }),

  WATCH_SCHEDULE: scheduleText
    .default('0 */5 * * * *')
    .meta({ group: 'Watch', about: 'When the function app looks for refused calls: six NCRONTAB fields, UTC.', example: '0 */5 * * * *' }),
  WATCH_GRANTS_SCHEDULE: scheduleText.default('0 3-59/10 * * * *').meta({
    group: 'Watch',
    about: 'When the function app looks for grants just made: six NCRONTAB fields, UTC.',
    example: '0 3-59/10 * * * *',
  }),
  WORKSPACES: arrayOf(guid).meta({
    group: 'Watch',
    about:
      'Log Analytics workspaces to watch, by their workspace (customer) id, comma-separated. Absent: every workspace that Resource Graph shows.',
    example: '00000000-0000-0000-0000-000000000000',
  }),
  BURST_MIN_DENIALS: whole(1, 10_000)
    .default(5)
    .meta({ group: 'Watch', about: 'Fewer refused calls within an hour never open an incident.', example: '5' }),
  SPREAD_MIN_TARGETS: whole(2, 10_000)
    .default(8)
    .meta({ group: 'Watch', about: 'So many new targets or operations refused to one caller within an hour are a spread.', example: '8' }),
  QUIET_AFTER_MINUTES: whole(5, 10_080)
    .default(60)
    .meta({ group: 'Watch', about: 'Minutes without a refused call after which an incident is quiet.', example: '60' }),
  RESOLVED_AFTER_MINUTES: whole(10, 10_080)
    .default(360)
    .meta({ group: 'Watch', about: 'Minutes without a refused call after which an incident is resolved.', example: '360' }),

  CHANNELS: text.optional().meta({
    group: 'Channels',
    secret: 'in part',
    about:
      'Where people are told, as a JSON list: name; teams (webhook: the name of the setting that holds the URL) or email (to); purposes (alerts, digest, review); filter (severity, topics, subscriptions, resourceGroups, tags); quietHours (from, to, timeZone, exceptSeverity); messagesPerHourMax. Absent: TEAMS_WEBHOOK_URL and EMAIL_TO are one channel each.',
    example:
      '[{"name":"on-call","teams":{"webhook":"TEAMS_URL_ON_CALL"},"purposes":["alerts"],"filter":{"severity":"high","tags":["environment=production"]},"quietHours":{"from":"22:00","to":"07:00","timeZone":"Europe/Berlin"}},{"name":"security","email":{"to":["security@example.com"]}}]',
  }),
  TEAMS_WEBHOOK_URL: text.optional().meta({
    group: 'Channels',
    secret: true,
    about: 'URL of a Workflows webhook of one Teams channel: alerts and digests go there. Whoever knows it can post: keep it in Key Vault.',
    example: '@Microsoft.KeyVault(SecretUri=https://VAULT.vault.azure.net/secrets/teams-webhook)',
  }),
  EMAIL_TO: text.optional().meta({
    group: 'Channels',
    about: 'Mail addresses that get alerts, digests and the monthly review, comma-separated. Needs SMTP_URL or ACS_ENDPOINT.',
    example: 'security@example.com,on-call@example.com',
  }),
  EMAIL_FROM: mailAddress.optional().meta({
    group: 'Channels',
    about: 'Mail address of the sender, without a name.',
    example: 'mi-audit@example.com',
  }),
  SMTP_URL: secretText(/^smtps?:\/\/[^/]/i, 'smtps://USER:PASSWORD@HOST:465')
    .optional()
    .meta({
      group: 'Channels',
      secret: true,
      about: 'The mail server: smtps:// speaks TLS at once, smtp:// by STARTTLS.',
      example: 'smtps://USER:PASSWORD@smtp.example.com:465',
    }),
  ACS_ENDPOINT: httpsUrl.optional().meta({
    group: 'Channels',
    about: 'Endpoint of Azure Communication Services, in the place of a mail server; the auditor signs in as CREDENTIAL says.',
    example: 'https://NAME.communication.azure.com',
  }),
  SITE_URL: httpsUrl.optional().meta({
    group: 'Channels',
    about: 'Address of the page, which cards and mails link to. Absent: they have no links to findings.',
    example: 'https://NAME.azurewebsites.net',
  }),
  OUTBOX_SWEEP_SCHEDULE: scheduleText.default('0 */10 * * * *').meta({
    group: 'Channels',
    about: 'When the function app looks for messages that are due and that the queue did not announce: six NCRONTAB fields, UTC.',
    example: '0 */10 * * * *',
  }),
  REVIEW_SCHEDULE: scheduleText.default('0 0 6 1 * *').meta({
    group: 'Channels',
    about: 'When the function app sends the review of the month that ended last: six NCRONTAB fields, UTC.',
    example: '0 0 6 1 * *',
  }),

  API_TENANT_ID: guid.optional().meta({
    group: 'API and page',
    about: 'Tenant whose people and applications may ask the API. Without it and API_AUDIENCE nobody is let in.',
    example: '00000000-0000-0000-0000-000000000000',
  }),
  API_AUDIENCE: arrayOf(text).meta({
    group: 'API and page',
    about:
      "What the audience of a caller's token may be: the API's application id URI, its client id, or both, comma-separated. The first that begins with api:// is what the page asks for.",
    example: 'api://NAME.azurewebsites.net/00000000-0000-0000-0000-000000000000,00000000-0000-0000-0000-000000000000',
  }),
  API_AUTHORITY_URL: authorityUrl.optional().meta({
    group: 'API and page',
    about: 'Sign-in authority of callers, where it is not the one of CLOUD. Plain http only on loopback.',
    example: 'https://login.microsoftonline.com',
  }),
  API_ALLOWED_ORIGINS: arrayOf(origin).meta({
    group: 'API and page',
    about: 'Origins of other pages that may ask the API from a browser, comma-separated. The own page needs none.',
    example: 'https://portal.example.com',
  }),
  API_SUBSCRIPTIONS_BY_GROUP: subscriptionsByGroup.optional().meta({
    group: 'API and page',
    about:
      'Who may see which subscriptions: a JSON object from the object id of a group, an app role, or the object id of a caller to a list of subscription ids, or "*" for all. Absent: whoever may read sees all. Present: whoever it does not name sees nothing.',
    example: '{"00000000-0000-0000-0000-000000000000":["00000000-0000-0000-0000-000000000000"],"Findings.Manage":["*"]}',
  }),
  TAB_CLIENT_ID: guid.optional().meta({
    group: 'API and page',
    about: 'Client id of the application that the page signs people in with.',
    example: '00000000-0000-0000-0000-000000000000',
  }),

  APPLICATIONINSIGHTS_CONNECTION_STRING: text
    .regex(/(^|;)\s*InstrumentationKey\s*=\s*[0-9a-f-]{36}/i, {
      error: 'must be a connection string: InstrumentationKey=…;IngestionEndpoint=https://…',
    })
    .optional()
    .meta({
      group: 'Telemetry',
      secret: true,
      about:
        'Application Insights that the function app tells what it does: spans, metrics and events ([telemetry.md](telemetry.md)). It signs in as CREDENTIAL says. Absent: nothing of it is loaded.',
      example: 'InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://REGION.in.applicationinsights.azure.com/',
    }),
  TELEMETRY: z.enum(['off', 'console'], { error: 'must be off or console' }).optional().meta({
    group: 'Telemetry',
    about:
      '`console`: the same as lines on standard error, on the command line too. `off`: not even to Application Insights. Absent: to Application Insights where its connection string is set.',
    example: 'console',
  }),

  EXCLUDE_RULES: arrayOf(
    text.refine((id) => rules.length === 0 || rules.some((rule) => rule.id === id), {
      error: ({ input }) => `names no rule: ${String(input)}`,
    }),
  ).meta({
    group: 'Exclusions',
    about: 'Rules that are not reported, comma-separated.',
    example: 'unattached-identity',
  }),
  EXCLUDE_SCOPES: arrayOf(resourceId).meta({
    group: 'Exclusions',
    about: 'ARM ids whose findings (there and below) are not reported, comma-separated.',
    example: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/sandbox',
  }),
  EXCLUDE_TAGS: arrayOf(text).meta({
    group: 'Exclusions',
    about: 'Tags (`name` or `name=value`) whose bearers are not reported, comma-separated.',
    example: 'mi-audit=ignore',
  }),
});

export type Environment = z.infer<typeof environment>;
