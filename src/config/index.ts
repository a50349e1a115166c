export { describeSettings, maskedSettings, type SettingDescription } from './describe.ts';
export { localSettingsSample } from './local-settings-sample.ts';
export { secretsOf } from './secrets-of.ts';
export { readSettings, type SettingsOrProblems } from './read-settings.ts';
export {
  MissingSetting,
  type CallerSettings,
  type CloudSettings,
  type CredentialKind,
  type CredentialSettings,
  type Exclusions,
  type MailSender,
  type Problem,
  type QueueSettings,
  type Senders,
  type Settings,
  type StoreSettings,
  type TelemetrySettings,
} from './settings.ts';
