import { describeSettings, localSettingsSample } from '../../src/config/index.ts';
import type { Page } from './page.ts';

/** The settings page, and the sample that a developer copies. */
export function settingPages(): readonly Page[] {
  const groups = Map.groupBy(describeSettings(), (setting) => setting.group);
  const text = [
    '# Settings',
    '',
    'Environment variables on a laptop, app settings in Azure. An empty value counts as absent; everything wrong is said at once. `mi-audit settings` shows what is in effect.',
    ...[...groups].flatMap(([group, settings]) => [
      '',
      `## ${group}`,
      '',
      '| setting | meaning | default |',
      '|---|---|---|',
      ...settings.map(
        ({ name, about, fallback }) =>
          `| \`${name}\` | ${about.replaceAll('|', String.raw`\|`)} | ${fallback === '' ? '' : `\`${fallback}\``} |`,
      ),
    ]),
    '',
  ].join('\n');
  return [
    { path: 'docs/settings.md', text },
    { path: 'local.settings.sample.json', text: localSettingsSample() },
  ];
}
