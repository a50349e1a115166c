import type { Reply } from './http.ts';
import type { SandboxUser } from './users.ts';

/** Who do you want to be? One button for each user of the world; what was asked for travels along. */
export function signInPage(users: readonly SandboxUser[], asked: URLSearchParams, path: string): Reply {
  const hidden = [...asked]
    .filter(([name]) => name !== 'user')
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
  const buttons = users.map(
    ({ objectId, name, userName, roles }) =>
      `<button name="user" value="${escaped(objectId)}"><b>${escaped(name)}</b><span>${escaped(userName)}</span><small>${escaped(roles.join(', ') || 'no app role')}</small></button>`,
  );
  const text = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in to the sandbox</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 10vh auto; padding: 0 1rem; color: #242424; background: #faf9f8 }
  button { display: grid; width: 100%; margin: .75rem 0; padding: .75rem 1rem; font: inherit; text-align: left; color: inherit; background: #fff; border: 1px solid #616161; border-radius: .4rem; cursor: pointer }
  button:hover, button:focus-visible { outline: 2px solid #0f6cbd }
  small, p { color: #555 }
  @media (prefers-color-scheme: dark) { body { color: #fff; background: #1f1f1f } button { background: #292929 } small, p { color: #ccc } }
</style>
<main>
<h1>Sign in</h1>
<p>A sandbox stands in for Microsoft Entra ID here. Choose who you are.</p>
<form method="post" action="${escaped(path)}">
${hidden.join('\n')}
${buttons.join('\n')}
</form>
</main>
</html>
`;
  return {
    status: 200,
    text,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      // No form-action: a browser applies it to where the answer redirects, too.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    },
  };
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
