import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPage, pageFolder } from './build-page.ts';
import { azureCliLines } from '../src/sandbox/index.ts';
import { startDemo } from './serve/demo.ts';

/**
 * `npm run serve`: API and page over a made-up tenant, on this machine, without an Azure account: sandbox, one audit, one pass of the watch, sign-in by the
 * sandbox's own authority with real tokens. Ends with Ctrl-C. `--once` starts it, asks it for the page and for its health, and ends.
 */
const { values } = parseArgs({ options: { port: { type: 'string' }, once: { type: 'boolean' }, rebuild: { type: 'boolean' } } });

if (values.rebuild === true || !existsSync(join(pageFolder, 'index.html'))) {
  console.log('Building the page.');
  await buildPage();
}
const folder = await mkdtemp(join(tmpdir(), 'mi-audit-az-'));
const demo = await startDemo({ port: Number(values.port ?? 0), say: (line) => console.log(line) });
try {
  if (values.once === true) await tryOnce(demo.address);
  else {
    const commandLine = await writeCommandLine(folder, demo.environment);
    console.log(`
Open ${demo.address}

Sign in as one of these; no password:
${demo.users.map(({ name, roles }) => `  ${name.padEnd(22)} ${roles.join(', ') || 'no role: sees what is missing'}`).join('\n')}

"Audit now" under Runs (as Auditor on duty) audits again: what was accepted or fixed shows then.
To run copied commands against this tenant, with the Azure CLI, in another shell first: . ${commandLine}
Its clock began at ${demo.startedAt}. Ctrl-C ends it, and everything in it is forgotten.`);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  }
} finally {
  await demo.close();
  await rm(folder, { recursive: true, force: true });
}

/** Points the Azure CLI of one shell at the sandbox, with a configuration of its own: the user's clouds and logins stay as they are. */
async function writeCommandLine(folder: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const file = join(folder, 'az.sh');
  const { MSI_ENDPOINT = '', MSI_SECRET = '', REQUESTS_CA_BUNDLE = '' } = environment;
  const needed = { MSI_ENDPOINT, MSI_SECRET, REQUESTS_CA_BUNDLE, AZURE_CONFIG_DIR: join(folder, 'azure') };
  const exports = Object.entries(needed).map(([name, value]) => `export ${name}='${value}'`);
  await writeFile(file, [...exports, ...azureCliLines(environment), ''].join('\n'), { mode: 0o600 });
  return file;
}

async function tryOnce(address: string): Promise<void> {
  for (const path of ['/', '/findings', '/api/health', '/api/config']) {
    const answer = await fetch(`${address}${path}`);
    const text = await answer.text();
    if (!answer.ok || text === '') throw new Error(`${path} answers ${answer.status}`);
    console.log(`${path}: ${answer.status}, ${text.length} characters`);
  }
}
