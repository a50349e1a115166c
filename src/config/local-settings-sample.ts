import { describeSettings, type SettingDescription } from './describe.ts';

/**
 * The text of `local.settings.sample.json`: every setting with its meaning, ready to be copied to `local.settings.json`. The Functions tools read
 * comments in it. An empty value counts as absent, so that all names can stand there.
 */
export function localSettingsSample(): string {
  const settings = describeSettings().flatMap((setting, at, all) => [
    ...(all[at - 1]?.group === setting.group ? [] : ['', `    // ${setting.group}`]),
    `    // ${setting.about} ${note(setting)}`,
    `    ${JSON.stringify(setting.name)}: ${JSON.stringify(laptop[setting.name] ?? setting.fallback)}${at === all.length - 1 ? '' : ','}`,
  ]);
  return [
    '{',
    '  // Copy this to local.settings.json. Every setting of mi-audit stands here; an empty value counts as absent.',
    '  "IsEncrypted": false,',
    '  "Values": {',
    '    // What the Functions host itself needs.',
    '    "FUNCTIONS_WORKER_RUNTIME": "node",',
    '    "AzureWebJobsStorage": "UseDevelopmentStorage=true",',
    ...settings,
    '  }',
    '}',
    '',
  ].join('\n');
}

/** On a laptop, without a storage account: the Azure CLI's user and an embedded store. */
const laptop: Readonly<Record<string, string>> = { CREDENTIAL: 'azure-cli', STORE: '.mi-audit' };

function note({ example, fallback }: SettingDescription): string {
  return fallback === '' ? `Example: ${example}` : `Default: ${fallback}`;
}
