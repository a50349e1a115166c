import { describeSettings, readSettings, type Settings } from '../config/index.ts';
import type { House } from '../compose.ts';
import type { CommonOptions } from './options.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './trouble.ts';
import { version } from './version.ts';
import { openWorld, type OpenWorld } from './world.ts';

/** What a command works with: settings, and the house that opens clients when first asked for. */
export interface Session {
  readonly settings: Settings;
  readonly house: House;
  /** What the settings were read from: this machine's variables, or those with the world's in their place. */
  readonly environment: Terminal['environment'];
  readonly now: () => string;
}

export async function inSession<Answer>(
  options: CommonOptions,
  terminal: Terminal,
  work: (session: Session) => Promise<Answer>,
): Promise<Answer> {
  if (options.now !== undefined && options.world === undefined) throw new UsageError('--now sets the clock of a world: it needs --world.');
  const world =
    options.world === undefined
      ? undefined
      : await openWorld(options.world, { storage: options.store === undefined, ...(options.now !== undefined && { now: options.now }) });
  const leave = enter(world);
  try {
    const around =
      world === undefined
        ? terminal.environment
        : { ...withoutConnections(terminal.environment), ...world.environment, NO_PROXY: thisMachine, AUDIT_NOW: world.now };
    const settings = settingsFrom({ ...around, ...(options.store !== undefined && { STORE: options.store }) });
    // Azure's libraries take most of the start: only commands that need them wait for them.
    const { openHouse, openTelemetry } = await import('../compose.ts');
    const telemetry = await openTelemetry(heardHere(settings), { version, write: (line) => terminal.note(line) });
    const house = openHouse(settings, (line) => terminal.progress(line));
    try {
      return await work({ settings, house, environment: around, now: house.now });
    } finally {
      await house.close();
      await telemetry?.flush();
      await telemetry?.close();
    }
  } finally {
    leave();
    await world?.close();
  }
}

/** What somebody tries out on a laptop is none of the operator's runs. */
const heardHere = (settings: Settings): Settings => ({
  ...settings,
  telemetry: settings.telemetry.kind === 'console' ? settings.telemetry : { kind: 'off' },
});

/** What this machine says about its own Azure and its own people is no business of a world; what it says about rules is. */
function withoutConnections(environment: Terminal['environment']): Terminal['environment'] {
  const connecting = new Set<string>([
    ...describeSettings()
      .filter(({ group }) => ['Cloud', 'Credentials', 'Store', 'Channels'].includes(group))
      .map(({ name }) => name),
    ...identityNames,
  ]);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !connecting.has(name)));
}

export function settingsFrom(environment: Readonly<Record<string, string | undefined>>): Settings {
  const read = readSettings(environment);
  if ('settings' in read) return read.settings;
  const lines = read.problems.map(({ setting, text }) => `  ${setting} ${text}`);
  throw new UsageError(`${lines.length === 1 ? 'A setting is' : `${lines.length} settings are`} wrong:\n${lines.join('\n')}`);
}

const thisMachine = 'localhost,127.0.0.1';

/** Which identity endpoint libraries choose, and by which way. */
const identityNames = [
  'IDENTITY_ENDPOINT',
  'IDENTITY_HEADER',
  'IMDS_ENDPOINT',
  'MSI_ENDPOINT',
  'MSI_SECRET',
  'IDENTITY_SERVER_THUMBPRINT',
  'AZURE_POD_IDENTITY_AUTHORITY_HOST',
  'AZURE_FEDERATED_TOKEN_FILE',
  'NO_PROXY',
] as const;

/** Azure's identity library reads the identity endpoint from the process's environment: for the time of a world, it finds the world's. */
function enter(world: OpenWorld | undefined): () => void {
  if (world === undefined) return () => {};
  const before = identityNames.map((name) => [name, process.env[name]] as const);
  for (const name of identityNames) set(name, world.environment[name]);
  // A world is on this machine: a proxy of the machine has no business with it.
  set('NO_PROXY', thisMachine);
  return () => before.forEach(([name, value]) => set(name, value));
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
