import type { WatchSettings } from '../denials/index.ts';
import type { Channel } from '../outbox/index.ts';
import type { RuleSettings } from '../rules/index.ts';

/** What the auditor was told, checked and named. Everything behind the doors takes this, never the environment. */
export interface Settings {
  readonly cloud: CloudSettings;
  readonly credential: CredentialSettings;
  /** Absent: nothing is kept between runs. */
  readonly store?: StoreSettings;
  /** Days that resolved findings and runs of audits are kept. */
  readonly retentionDays: number;
  readonly schedule: string;
  readonly scope: { readonly managementGroups: readonly string[]; readonly subscriptions: readonly string[] };
  readonly exclusions: Exclusions;
  readonly rules: RuleSettings;
  /** Rows above which the function app cuts an audit into shards of about so many. */
  readonly shardRows: number;
  readonly watchSchedule: string;
  readonly watchGrantsSchedule: string;
  /** Customer ids of the workspaces to watch; empty: all that can be found. */
  readonly workspaces: readonly string[];
  readonly watch: WatchSettings;
  /** Where people are told; empty: nowhere. Holds no secret. */
  readonly channels: readonly Channel[];
  /** Secret: never printed. */
  readonly senders: Senders;
  /** Wakes the notifier of a function app. Absent: only the timer does. */
  readonly queues?: QueueSettings;
  /** Address of the page, without a slash at the end. */
  readonly siteUrl?: string;
  readonly api: CallerSettings;
  readonly telemetry: TelemetrySettings;
  /** A fixed clock, for replays. */
  readonly now?: string;
}

/** Who hears what the auditor tells about itself. The connection string is not to be printed. */
export type TelemetrySettings =
  | { readonly kind: 'off' }
  | { readonly kind: 'console' }
  | { readonly kind: 'application-insights'; readonly connectionString: string };

/** Who may ask the API, and how the page signs people in. */
export interface CallerSettings {
  readonly tenantId?: string;
  readonly audiences: readonly string[];
  readonly authorityUrl?: string;
  readonly allowedOrigins: readonly string[];
  readonly subscriptionsByGroup?: Readonly<Record<string, readonly string[]>>;
  readonly clientId?: string;
}

export interface CloudSettings {
  readonly name: 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud' | 'custom';
  readonly resourceManagerUrl?: string;
  readonly graphUrl?: string;
  readonly logsUrl?: string;
  readonly authorityUrl?: string;
  readonly caFile?: string;
}

export type CredentialKind = 'managed-identity' | 'azure-cli';

export interface CredentialSettings {
  readonly kind: CredentialKind;
  readonly clientId?: string;
}

export type StoreSettings =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'account'; readonly url: string; readonly credential: CredentialSettings }
  | { readonly kind: 'connection-string'; readonly connectionString: string };

/** How messages leave the house. */
export interface Senders {
  /** Secret URLs, by name of channel. */
  readonly webhooks: Readonly<Record<string, string>>;
  /** Present when a channel is mail. */
  readonly mail?: MailSender;
}

export type MailSender =
  | { readonly kind: 'smtp'; readonly url: string; readonly from: string }
  | { readonly kind: 'acs'; readonly endpoint: string; readonly from: string };

export type QueueSettings =
  | { readonly kind: 'account'; readonly url: string; readonly credential: CredentialSettings }
  | { readonly kind: 'connection-string'; readonly connectionString: string };

/** Findings nobody wants to hear about, decided once and in the open. */
export interface Exclusions {
  readonly rules: readonly string[];
  readonly scopes: readonly string[];
  /** `name` or `name=value`. */
  readonly tags: readonly string[];
}

/** Something wrong with one setting, in words that follow its name. */
export interface Problem {
  readonly setting: string;
  readonly text: string;
}

/** A setting that may be absent, and is needed now. */
export class MissingSetting extends Error {
  override readonly name = 'MissingSetting';
}
