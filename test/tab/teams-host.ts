import { createHash, randomBytes } from 'node:crypto';

/** A token as Teams would hand it to a tab: got by the sandbox's sign-in, code and PKCE included, for one of its users. */
export async function tokenFor(
  config: { readonly authority: string; readonly clientId: string },
  objectId: string,
  page: string,
): Promise<string> {
  const verifier = randomBytes(32).toString('base64url');
  const asked = new URLSearchParams({
    client_id: config.clientId,
    redirect_uri: `${page}/`,
    response_type: 'code',
    scope: 'api://mi-audit/access_as_user openid',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    user: objectId,
  });
  const redirected = await fetch(`${config.authority}/oauth2/v2.0/authorize`, { method: 'POST', body: asked, redirect: 'manual' });
  const answer = new URL(redirected.headers.get('location') ?? '');
  const code = new URLSearchParams(answer.hash.slice(1)).get('code') ?? answer.searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', client_id: config.clientId, redirect_uri: `${page}/`, code, code_verifier: verifier };
  const tokens = await fetch(`${config.authority}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await tokens.json()) as { readonly access_token?: string };
  if (token === undefined) throw new Error(`The sandbox gave no token: ${tokens.status}.`);
  return token;
}

/**
 * What Teams is to a tab: a window around it that answers teams-js. Messages as teams-js 2.58 sends and takes them (src/internal/communication.ts). `heard` collects the names of what
 * the tab asked for; `changeTheme` tells it what Teams tells it.
 */
export const teamsHost = (
  tab: string,
  { token, theme, subPageId }: { readonly token: string | undefined; readonly theme: string; readonly subPageId: string },
): string => `<!doctype html>
<title>Teams</title>
<style>html,body,iframe{margin:0;width:100%;height:100%;border:0}</style>
<iframe title="tab" src="${tab}"></iframe>
<script>
  const token = ${JSON.stringify(token ?? null)};
  const context = ${JSON.stringify({ theme, locale: 'en-us', entityId: 'overview', subEntityId: subPageId, hostClientType: 'web', hostName: 'Teams' })};
  window.heard = [];
  const answers = {
    initialize: () => ['content', 'web', JSON.stringify({ apiVersion: 4, hostVersionsInfo: {}, isLegacyTeams: false, supports: {} }), '2.0.0'],
    getContext: () => [context],
    'authentication.getAuthToken': () => token === null ? [false, 'consent_required'] : [true, token],
  };
  addEventListener('message', ({ data, source }) => {
    if (typeof data.func !== 'string') return;
    heard.push(data.func);
    const args = answers[data.func]?.(data);
    if (args !== undefined) source.postMessage({ id: data.id, uuidAsString: data.uuidAsString, args }, '*');
  });
  window.changeTheme = (name) => document.querySelector('iframe').contentWindow.postMessage({ func: 'themeChange', args: [name] }, '*');
</script>`;
