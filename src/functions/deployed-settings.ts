import { readSettings, type Settings } from '../config/index.ts';

/** The app settings of the function app, or one error that names everything wrong with them: it is what an admin finds in the log. */
export function deployedSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const read = readSettings(environment);
  if ('settings' in read) return read.settings;
  throw new Error(`The app settings are wrong: ${read.problems.map(({ setting, text }) => `${setting} ${text}`).join('; ')}.`);
}
