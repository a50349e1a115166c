import { environment } from './environment.ts';

/** One setting as the documentation page and `mi-audit settings` show it. */
export interface SettingDescription {
  readonly name: string;
  readonly group: string;
  readonly about: string;
  readonly example: string;
  /** As written in the environment; empty: none. */
  readonly fallback: string;
  readonly secret: boolean;
}

/** Every setting, in the order of the list. */
export function describeSettings(): readonly SettingDescription[] {
  const defaults: Readonly<Record<string, unknown>> = environment.parse({});
  return Object.entries(environment.shape).map(([name, field]) => {
    const meta = field.meta() ?? {};
    return {
      name,
      group: wordOf(meta['group']),
      about: wordOf(meta['about']),
      example: wordOf(meta['example']),
      fallback: wordOf(defaults[name]),
      secret: meta['secret'] !== undefined,
    };
  });
}

/** The settings that are in effect, in the words of the environment; secrets are named, never shown. */
export function maskedSettings(
  given: Readonly<Record<string, string | undefined>>,
): readonly { readonly name: string; readonly value: string; readonly from: 'environment' | 'default' }[] {
  return describeSettings().map(({ name, fallback }) => {
    const value = given[name]?.trim();
    if (value === undefined || value === '') return { name, value: fallback, from: 'default' as const };
    return { name, value: shown(name, value), from: 'environment' as const };
  });
}

const isSecret = (name: string): boolean =>
  Object.entries(environment.shape).some(([each, field]) => each === name && field.meta()?.['secret'] === true);

function shown(name: string, value: string): string {
  if (isSecret(name)) return '•••';
  switch (name) {
    case 'STORE':
      return maskedStore(value);
    case 'CHANNELS':
      // It names the settings that hold its URLs; somebody may have put a URL itself there.
      return value.replace(/https?:[^"\s]*/gi, '•••');
    default:
      return value;
  }
}

/** A folder or an account URL is no secret; a connection string and a URL's query (a SAS token) are. */
function maskedStore(value: string): string {
  if (/^https:\/\//i.test(value)) return value.replace(/\?.*$/s, '?•••');
  return /=/.test(value) ? '•••' : value;
}

const wordOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
