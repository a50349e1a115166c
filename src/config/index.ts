export { describeSettings, maskedSettings, type SettingDescription } from './describe.ts';
export { readSettings, type SettingsOrProblems } from './read-settings.ts';
export type { CloudSettings, CredentialKind, CredentialSettings, Exclusions, Problem, Settings, StoreSettings } from './settings.ts';
