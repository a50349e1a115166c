import { app, authentication } from '@microsoft/teams-js';
import { SignInTrouble, type Session, type Theme } from './session.ts';

const answerWithinMs = 10_000;

/** Signed in by Teams itself, without a click. Teams shows its own loading picture until it is told how it went. */
export async function openTeams(onTheme: (theme: Theme) => void): Promise<Session> {
  await within(answerWithinMs, app.initialize());
  app.notifyAppLoaded();
  const context = await app.getContext();
  onTheme(themeOf(context.app.theme));
  app.registerOnThemeChangeHandler((name) => onTheme(themeOf(name)));
  try {
    await authentication.getAuthToken();
    await app.notifySuccess();
  } catch (cause) {
    app.notifyFailure({ reason: app.FailedReason.AuthFailed, message: wordsOf(cause) });
    throw new SignInTrouble(troubleOf(wordsOf(cause)), { cause });
  }
  return { host: 'teams', token: () => authentication.getAuthToken(), startAt: context.page.subPageId };
}

export function themeOf(name: string): Theme {
  switch (name) {
    case 'dark':
    case 'glass':
      return 'dark';
    case 'contrast':
      return 'contrast';
    default:
      return 'light';
  }
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Names of the errors: https://learn.microsoft.com/microsoftteams/platform/tabs/how-to/authentication/tab-sso-code */
function troubleOf(reason: string): string {
  if (/consent|invalid_?grant|AADSTS65001/i.test(reason))
    return 'Your organisation has not agreed yet that Teams signs you in here. An administrator of Entra ID can grant consent to the application of this tab.';
  if (/resource|AADSTS500011|AADSTS700016/i.test(reason))
    return 'Teams does not know the application of this tab. Whoever installed it should compare webApplicationInfo in its manifest with the app registration.';
  return `Teams could not sign you in (${reason.slice(0, 200)}). Try again, or open this page in a browser.`;
}

async function within<Answer>(ms: number, work: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new SignInTrouble('Teams does not answer. Reload the tab, or open this page in a browser.')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
