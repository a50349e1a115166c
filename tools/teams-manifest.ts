import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { problemsOf, teamsManifest, teamsPackage } from './teams-manifest/package.ts';

/**
 * `npm run teams:manifest -- --host HOST --client-id ID --out FILE.zip`: the package that an admin uploads to Teams, for the host name under which the
 * function app serves the page and the application that people sign in to.
 */
const { values } = parseArgs({
  options: {
    host: { type: 'string' },
    'client-id': { type: 'string' },
    out: { type: 'string', default: 'mi-audit-teams.zip' },
    resource: { type: 'string' },
    developer: { type: 'string', default: 'Managed identity auditor' },
    version: { type: 'string', default: '1.0.0' },
  },
});
const { host, 'client-id': clientId, out, resource, developer, version } = values;
if (host === undefined || clientId === undefined) {
  console.error(
    'Needed: --host HOST (such as func-mi-audit.azurewebsites.net) and --client-id ID (of the application that people sign in to).',
  );
  process.exitCode = 2;
} else {
  const manifest = teamsManifest({ host, clientId, developer, version, ...(resource !== undefined && { resource }) });
  const problems = await problemsOf(manifest);
  if (problems.length > 0) {
    console.error(`The manifest would be refused:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    process.exitCode = 2;
  } else {
    writeFileSync(out, teamsPackage(manifest));
    console.log(
      `${out}: upload it in the Teams admin center, Manage apps. Its sign-in resource is ${manifest.webApplicationInfo.resource}.`,
    );
    console.log(
      'The app registration needs that as its Application ID URI, and the Teams clients as authorised applications (docs/page.md).',
    );
  }
}
