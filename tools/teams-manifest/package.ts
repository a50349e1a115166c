import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AppManifestUtils } from '@microsoft/app-manifest';
import { strToU8, zipSync } from 'fflate';

const folder = join(import.meta.dirname, '../../infra/teams');

export interface TeamsApp {
  readonly host: string;
  readonly clientId: string;
  readonly developer: string;
  readonly version: string;
  /** Absent: `api://HOST/CLIENT_ID`, the form that Teams asks for. */
  readonly resource?: string;
}

export interface TeamsManifest {
  readonly manifestVersion: string;
  readonly version: string;
  readonly id: string;
  readonly staticTabs: readonly { readonly entityId: string; readonly contentUrl: string; readonly websiteUrl: string }[];
  readonly validDomains: readonly string[];
  readonly webApplicationInfo: { readonly id: string; readonly resource: string };
}

/** The template filled in. A value goes in as a JSON string, so that none can change what the manifest says. */
export function teamsManifest({ host, clientId, developer, version, resource }: TeamsApp): TeamsManifest {
  const given: Readonly<Record<string, string>> = {
    host: host.toLowerCase(),
    clientId: clientId.toLowerCase(),
    developer,
    version,
    resource: resource ?? `api://${host.toLowerCase()}/${clientId.toLowerCase()}`,
  };
  const template = readFileSync(join(folder, 'manifest.template.json'), 'utf8');
  const filled = template.replace(/\{\{(\w+)\}\}/g, (_place, name: string) => {
    const value = given[name];
    if (value === undefined) throw new Error(`manifest.template.json asks for ${name}, which nobody gives.`);
    return JSON.stringify(value).slice(1, -1);
  });
  return JSON.parse(filled) as TeamsManifest;
}

/** Everything that Teams would refuse it for, and what its schema lets through although no tab could be shown. */
export async function problemsOf(manifest: TeamsManifest): Promise<readonly string[]> {
  const [host = ''] = manifest.validDomains;
  const own = [
    ...(/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(host)
      ? []
      : [`--host must be a host name without scheme and path, not ${JSON.stringify(host)}`]),
    ...(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(manifest.id)
      ? []
      : [`--client-id must be a GUID, not ${JSON.stringify(manifest.id)}`]),
    // The schema takes any text; the admin center does not (https://semver.org).
    ...(/^\d{1,5}(\.\d{1,5}){2}$/.test(manifest.version)
      ? []
      : [`--version must be three numbers such as 1.0.0, not ${JSON.stringify(manifest.version)}`]),
  ];
  if (own.length > 0) return own;
  return AppManifestUtils.validateAgainstSchema(manifest as never, schemaOf(manifest.manifestVersion) as never);
}

/** Microsoft's own, as its package ships it: nothing is downloaded. */
function schemaOf(version: string): unknown {
  const near = createRequire(import.meta.url).resolve('@microsoft/app-manifest');
  return JSON.parse(readFileSync(join(near, `../json-schemas/teams/v${version}/MicrosoftTeams.schema.json`), 'utf8'));
}

export const teamsPackage = (manifest: TeamsManifest): Uint8Array =>
  zipSync({
    'manifest.json': strToU8(`${JSON.stringify(manifest, null, 2)}\n`),
    'color.png': readFileSync(join(folder, 'color.png')),
    'outline.png': readFileSync(join(folder, 'outline.png')),
  });
