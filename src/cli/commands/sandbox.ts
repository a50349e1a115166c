import { Command, Option } from 'commander';
import { instant, type CommonOptions } from '../options.ts';
import { oneLine } from '../output/plain-text.ts';
import type { Door } from '../run.ts';
import { builtInWorld, openWorld, type OpenWorld } from '../world.ts';

interface SandboxOptions extends Pick<CommonOptions, 'now' | 'quiet' | 'debug'> {
  readonly world: string;
  readonly format: 'shell' | 'json';
}

export function sandboxCommand(door: Door): Command {
  return new Command('sandbox')
    .description('serve a world as a loopback Azure until interrupted, and print its endpoints')
    .option('--world <dir>', 'folder of the world', builtInWorld)
    .addOption(new Option('--now <instant>', 'the clock of the world').argParser(instant))
    .addOption(new Option('--format <format>', 'how to print the endpoints').choices(['shell', 'json']).default('shell'))
    .option('-q, --quiet', 'print the endpoints only')
    .option('--debug', 'print stack traces')
    .action(async (options: SandboxOptions) => {
      const terminal = door.terminal(options);
      const arrived = (line: string): void => terminal.note(`# ${oneLine(line)}`);
      const world = await openWorld(options.world, { storage: true, arrived, ...(options.now !== undefined && { now: options.now }) });
      try {
        const stopped = interruption();
        terminal.print(
          options.format === 'json'
            ? JSON.stringify({ now: world.now, environment: world.environment, az: world.azureCli }, undefined, 2)
            : shellText(world),
        );
        terminal.note('# Serving. Interrupt to stop.');
        await stopped;
      } finally {
        await world.close();
      }
    });
}

/** Text that a shell can evaluate; the `az` lines stand in comments, since they change the CLI's own configuration. */
function shellText(world: OpenWorld): string {
  const exports = Object.entries({ ...world.environment, AUDIT_NOW: world.now }).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return [
    ...exports,
    '# mi-audit audit now audits this world. To point the Azure CLI at it (use a configuration folder of its own):',
    ...['export AZURE_CONFIG_DIR="$(mktemp -d)"', ...world.azureCli].map((line) => `#   ${line}`),
  ].join('\n');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function interruption(): Promise<void> {
  return new Promise((resolve) => {
    // The servers keep the process alive; a signal handler alone would not.
    const stop = (): void => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
