import type { Config } from '../../api/contract/index.ts';
import { SignInTrouble, type Session, type Theme } from './session.ts';

/** Teams when it frames the page, otherwise a plain browser. The library of the other one is never loaded. */
export async function openSession(onTheme: (theme: Theme) => void): Promise<Session> {
  if (looksLikeTeams(window)) {
    const { openTeams } = await import('./teams.ts');
    return openTeams(onTheme);
  }
  followSystemColours(onTheme);
  const config = await readConfig();
  const { openBrowser } = await import('./browser.ts');
  return openBrowser(config);
}

/** Framed, or inside the window of a mobile or desktop client. Teams adds nothing to the address by itself; our manifest does. */
export function looksLikeTeams({ parent, self, location }: Window): boolean {
  return parent !== self || 'nativeInterface' in self || new URLSearchParams(location.search).get('host') === 'teams';
}

/** At least the theme of the machine. Browsers replace colours themselves where contrast is forced. */
function followSystemColours(onTheme: (theme: Theme) => void): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const forced = window.matchMedia('(forced-colors: active)');
  const tell = (): void => onTheme(forced.matches ? 'contrast' : dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', tell);
  forced.addEventListener('change', tell);
  tell();
}

async function readConfig(): Promise<Config> {
  const answer = await fetch('/api/config', { headers: { accept: 'application/json' } }).catch((cause: unknown) => {
    throw new SignInTrouble('The server of this page does not answer. Check the network, then try again.', { cause });
  });
  if (!answer.ok)
    throw new SignInTrouble(`The server of this page answers ${answer.status}, so nobody can be signed in. Try again in a minute.`);
  const config = (await answer.json()) as Config;
  if (!config.configured)
    throw new SignInTrouble(
      'Sign-in is not set up yet. Whoever deployed the auditor needs to set API_TENANT_ID, API_AUDIENCE and TAB_CLIENT_ID in its app settings.',
    );
  return config;
}
