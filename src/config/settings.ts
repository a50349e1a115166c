import type { WatchSettings } from '../denials/index.ts';
import type { RuleSettings } from '../rules/index.ts';

/** What the auditor was told, checked and named. Everything behind the doors takes this, never the environment. */
export interface Settings {
  readonly cloud: CloudSettings;
  readonly credential: CredentialSettings;
  /** Absent: nothing is kept between runs. */
  readonly store?: StoreSettings;
  readonly schedule: string;
  readonly scope: { readonly managementGroups: readonly string[]; readonly subscriptions: readonly string[] };
  readonly exclusions: Exclusions;
  readonly rules: RuleSettings;
  readonly watchSchedule: string;
  /** Customer ids of the workspaces to watch; empty: all that can be found. */
  readonly workspaces: readonly string[];
  readonly watch: WatchSettings;
  /** A fixed clock, for replays. */
  readonly now?: string;
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
