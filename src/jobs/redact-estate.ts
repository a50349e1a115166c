import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { builtInRole } from '../access/index.ts';
import { roleId } from '../estate/index.ts';

/**
 * The same estate with every name and id replaced, alike where they were alike, so that rules decide as before and nobody learns whose tenant it is.
 * `salt` must be secret and random: without it, short names could be guessed. Lines in, lines out: it works on what `estateLines` gives.
 */
export function* redactedLines(lines: Iterable<string>, salt: string): Iterable<string> {
  const words = new Map<string, string>();
  const hashed = (text: string): string => {
    const key = text.toLowerCase();
    const known = words.get(key);
    if (known !== undefined) return known;
    const word = bytesToHex(sha256(utf8ToBytes(`${salt}\n${key}`)));
    words.set(key, word);
    return word;
  };
  for (const line of lines) yield JSON.stringify(redacted(JSON.parse(line), '', hashed));
}

type Hash = (text: string) => string;

/** What says what kind of thing it is, not whose: kept. Instants, enumerations, permissions, Azure's own types. */
const kept = new Set([
  'format',
  'canary',
  'kind',
  'type',
  'location',
  'source',
  'state',
  'slice',
  'permission',
  'place',
  'principalType',
  'actions',
  'notActions',
  'dataActions',
  'notDataActions',
  'keys',
  'secrets',
  'certificates',
  'audiences',
  'createdAt',
  'updatedAt',
  'readAt',
  'deletedAt',
  'collectedAt',
  'resourceName',
  'appRoleId',
  'roleTemplateId',
  'roleName',
]);

function redacted(value: unknown, field: string, hash: Hash): unknown {
  if (typeof value === 'string') return kept.has(field) ? value : redactedText(value, field, hash);
  if (Array.isArray(value))
    return value.length === 2 && typeof value[0] === 'string' && field === ''
      ? [value[0], redacted(value[1], 'item', hash)]
      : value.map((one) => redacted(one, field, hash));
  if (typeof value !== 'object' || value === null) return value;
  if ('assignableScopes' in value && 'id' in value && builtInRole(roleId(String(value.id))) !== undefined) return value;
  // Names of tags are part of the rules (required tags); their values are people and projects.
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, redacted(one, field === 'tags' ? 'tagValue' : name, hash)]));
}

function redactedText(text: string, field: string, hash: Hash): string {
  if (text === '' || text === '/') return text;
  if (text.startsWith('/')) return redactedId(text, hash);
  if (isGuid.test(text)) return redactedGuid(text, hash);
  if (field === 'issuer' || field === 'subject' || field === 'expression') return redactedClaim(text, hash);
  if (field === 'condition') return text.replace(guids, (guid) => redactedGuid(guid, hash));
  if (field === 'why') return text.replace(armIds, (id) => redactedId(id, hash)).replace(guids, (guid) => redactedGuid(guid, hash));
  return word(text, hash);
}

/** Provider and type words stay; every second part from there is a name. */
function redactedId(id: string, hash: Hash): string {
  const parts = id.split('/');
  let nameNext = false;
  return parts
    .map((part, at) => {
      if (part === '') return part;
      if (nameNext) {
        nameNext = false;
        return isGuid.test(part) ? redactedGuid(part, hash) : word(part, hash);
      }
      // After `providers` comes a namespace, then pairs of type and name.
      const namespace = parts[at - 1]?.toLowerCase() === 'providers';
      nameNext = !namespace && part.toLowerCase() !== 'providers';
      return part;
    })
    .join('/');
}

/** A claim keeps its grammar (`repo:…:pull_request`, wildcards): that is what the rules judge. */
function redactedClaim(text: string, hash: Hash): string {
  return text
    .replace(guids, (guid) => redactedGuid(guid, hash))
    .replace(/[A-Za-z0-9_.-]{2,}/g, (part) => (grammar.has(part.toLowerCase()) || /^[0-9a-f]{8}-/.test(part) ? part : word(part, hash)));
}

const grammar = new Set([
  'https',
  'repo',
  'ref',
  'refs',
  'heads',
  'tags',
  'environment',
  'pull_request',
  'system',
  'serviceaccount',
  'claims',
  'sub',
  'matches',
  'eq',
  'and',
  'or',
  'job_workflow_ref',
  'token.actions.githubusercontent.com',
  'login.microsoftonline.com',
  'sts.windows.net',
  'vstoken.dev.azure.com',
  'gitlab.com',
  'app.terraform.io',
  'accounts.google.com',
  'v2.0',
  'sc',
  'project_path',
  'ref_type',
  'branch',
  'main',
  'tag',
]);

const word = (text: string, hash: Hash): string => `x${hash(text).slice(0, 10)}`;

function redactedGuid(guid: string, hash: Hash): string {
  if (isWellKnown(guid)) return guid;
  return hash(guid)
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Built-in roles and Microsoft's own numbered ids are the same in every tenant, and rules know them. */
const isWellKnown = (guid: string): boolean => guid.startsWith('00000') || builtInRole(roleId(guid)) !== undefined;

const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const guids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const armIds = /\/(?:subscriptions|providers)\/[^\s,;'")]+/gi;
