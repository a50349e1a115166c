import { Command } from 'commander';
import { describeSettings, maskedSettings } from '../../config/index.ts';
import { withFormat, type CommonOptions } from '../options.ts';
import { csvOf, markdownTableOf, tableOf, type Sheet } from '../output/sheet.ts';
import type { Door } from '../run.ts';
import { settingsFrom } from '../session.ts';

export function settingsCommand(door: Door): Command {
  const command = new Command('settings').description('the settings in effect, checked; secrets masked');
  return withFormat(command, ['table', 'json', 'csv', 'markdown']).action((options: CommonOptions) => {
    const terminal = door.terminal(options);
    const values = maskedSettings(terminal.environment);
    const settings = describeSettings().map((description, at) => ({ ...description, ...values[at]! }));
    const sheet: Sheet = {
      columns: [
        { title: 'setting', share: 0 },
        { title: 'value', share: 3 },
        { title: 'from', share: 0 },
        { title: 'about', share: 6 },
      ],
      rows: settings.map(({ name, value, from, about }) => [name, value, value === '' ? '' : from, about]),
    };
    if (options.format === 'json') terminal.print(JSON.stringify({ schema: 'mi-audit/settings/v1', settings }, undefined, 2));
    else if (options.format === 'csv') terminal.print(csvOf(sheet));
    else if (options.format === 'markdown') terminal.print(markdownTableOf(sheet));
    else terminal.print(tableOf(sheet, terminal.columns));
    settingsFrom(terminal.environment);
  });
}
