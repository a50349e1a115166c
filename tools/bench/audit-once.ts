import { readFileSync } from 'node:fs';
import { ManagedIdentityCredential } from '@azure/identity';
import { builtInRole, openAccess } from '../../src/access/index.ts';
import { azureClients, azureEstateSource, cloud } from '../../src/azure/index.ts';
import { readSettings, type Settings } from '../../src/config/index.ts';
import { resourceKey, type Estate } from '../../src/estate/index.ts';
import {
  noMemory,
  reconcile,
  remember,
  tagsInForce,
  type MemoryChanges,
  type Remembered,
  type StoredFinding,
} from '../../src/findings/index.ts';
import { sha256 } from '../../src/jobs/sha256.ts';
import type { CollectMemory } from '../../src/ports/index.ts';
import { judge, rules } from '../../src/rules/index.ts';
import { identityIds, type TenantSize } from '../../src/sandbox/generate/index.ts';
import type { AuditOutcome } from './audit-outcome.ts';
import { cpuMs, peakMemoryMB } from './measure.ts';
import { watchedWire } from './wire.ts';

/** One audit in a process of its own: what is measured is the product as it runs, cold, not a warmed-up function. */
const [pagesDir = '', sizeText = '{}'] = process.argv.slice(2);
const size: TenantSize = JSON.parse(sizeText);
const settings = settingsFromEnvironment();
const now = settings.now ?? '';

const baselineMemoryMB = peakMemoryMB();
const wire = watchedWire(pagesDir);
const clients = azureClients({ cloud: cloud(cloudSettings()), credential: new ManagedIdentityCredential(), httpClient: wire.httpClient });
const startedAt = performance.now();
const { estate, calls } = await azureEstateSource(clients, { builtInRole }).collect({
  now,
  scope: settings.scope,
  memory: credentialsReadYesterday(),
  progress: () => {},
});
const collectWallMs = performance.now() - startedAt;

// What was left lying about before is cleared first, here and below: each is charged with the garbage that it makes itself.
globalThis.gc?.();
const collectedMemoryMB = peakMemoryMB();
const first = cpuMs(() => decide(estate, new Map(), noMemory));
const known = new Map(first.answer.findings.map((finding) => [finding.id, finding]));
const remembered = rememberedAfter(first.answer.memory);
globalThis.gc?.();
const later = cpuMs(() => decide(estate, known, remembered));
const peak = peakMemoryMB();
if (later.answer.findings.length !== first.answer.findings.length)
  throw new Error('A second run over the same estate found something else.');

const parsed = parsePages(wire.count().pages);

const { pages: _pages, ...counted } = wire.count();
const outcome: AuditOutcome = {
  assignments: estate.assignments.length,
  identities: estate.identities.length,
  findings: first.answer.findings.length,
  findingsByRule: first.answer.byRule,
  gaps: estate.gaps.filter((gap) => gap.harmless !== true).length,
  collectWallMs,
  calls,
  wire: counted,
  firstCpuMs: first.ms,
  laterCpuMs: later.ms,
  parseCpuMs: parsed.ms,
  pageMB: parsed.chars / 1e6,
  peakMemoryMB: peak,
  collectedMemoryMB,
  baselineMemoryMB,
};
process.stdout.write(JSON.stringify(outcome));

/** The plainest work one can do with the same bytes. One text at a time: reading it is not counted. */
function parsePages(files: readonly string[]): { readonly ms: number; readonly chars: number } {
  let ms = 0;
  let chars = 0;
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    ms += cpuMs(() => Object.keys(JSON.parse(text)).length).ms;
    chars += text.length;
  }
  return { ms, chars };
}

/** Everything between collection and storage, as jobs/audit-estate.ts does it. */
function decide(
  from: Estate,
  findings: ReadonlyMap<string, StoredFinding>,
  known: Remembered,
): { readonly findings: readonly StoredFinding[]; readonly byRule: Readonly<Record<string, number>>; readonly memory: MemoryChanges } {
  const access = openAccess(from);
  const { verdicts, violations, off } = judge({ estate: from, settings: settings.rules, memory: known.memory, now, access, rules });
  const within: typeof access.within = (scope, ancestor) => access.within(scope, ancestor);
  const sight = { verdicts, off, rules, within, area: settings.scope, now, runId: findings.size === 0 ? 'first' : 'later' };
  const reconciled = reconcile({
    ...sight,
    known: { findings, exceptions: [] },
    violations,
    exclusions: settings.exclusions,
    tagsOf: tagsInForce(from),
    sha256,
  });
  const memory = remember({ ...sight, estate: from, remembered: known });
  return { findings: reconciled.findings, byRule: reconciled.summary.byRule, memory };
}

/** What a store hands to the run after one that wrote these changes. */
function rememberedAfter({ missing, identities, federatedCredentials, subscriptions }: MemoryChanges): Remembered {
  return {
    memory: {
      missingSince: new Map(missing.map(({ principalId, since }) => [principalId, since])),
      lastSeen: new Map(identities.map((identity) => [identity.principalId, identity])),
    },
    missing: new Set(missing.map(({ principalId }) => principalId)),
    present: new Set(identities.map(({ principalId }) => principalId)),
    federatedCredentials,
    subscriptions: new Set(subscriptions),
  };
}

/** Federated credentials cost one call per identity and are read in slices: this run is one of many. */
function credentialsReadYesterday(): CollectMemory {
  const readAt = new Date(Date.parse(now) - 86_400_000).toISOString();
  const federatedCredentials = new Map([...identityIds(size)].map((id) => [resourceKey(id), { readAt, credentials: [] }]));
  return { federatedCredentials, subscriptions: new Set(), missing: new Set() };
}

function settingsFromEnvironment(): Settings {
  const read = readSettings(process.env);
  if ('problems' in read) throw new Error(`The sandbox's environment is not what settings want: ${JSON.stringify(read.problems)}`);
  return read.settings;
}

function cloudSettings(): Parameters<typeof cloud>[0] {
  const { caFile, ...given } = settings.cloud;
  return { ...given, ca: caFile === undefined ? undefined : readFileSync(caFile, 'utf8') };
}
