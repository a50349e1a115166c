import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installFakeHost, type Response, type TypedData } from './fake-host.ts';

/**
 * The worker's part, in a process of its own: loads `main` of the package.json in the folder it is given, tells what was registered, then runs what it is
 * asked to. An unhandled rejection ends it, as it ends the real one.
 */
export interface Ask {
  readonly id: number;
  readonly name: string;
  readonly data: TypedData;
}

export interface Loaded {
  readonly functions: readonly {
    readonly name: string;
    readonly bindings: readonly Readonly<Record<string, unknown>>[];
    readonly retries: number;
  }[];
  readonly copiesOfLibrary: number;
  readonly capabilities: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly id: number;
  readonly response?: Response;
  /** All that reaches the host of an error. */
  readonly error?: { readonly message: string; readonly stack: string };
  /** Of the worker so far. */
  readonly logs: readonly string[];
}

const tell = process.send?.bind(process);
if (tell !== undefined) await work(tell);

async function work(send: (message: Loaded | Answer) => unknown): Promise<void> {
  const app = process.argv[2]!;
  const host = installFakeHost();
  const { main } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as { main: string };
  await import(pathToFileURL(join(app, main)).href);
  process.on('message', (ask: Ask) => void run(ask).then(send));
  const started = await host.start();
  const functions = [...host.functions.values()].map(({ name, bindings, retryOptions }) => ({
    name,
    bindings: Object.values(bindings),
    retries: retryOptions?.maxRetryCount ?? 0,
  }));
  send({ functions, ...started });

  async function run({ id, name, data }: Ask): Promise<Answer> {
    try {
      return { id, response: await host.invoke(name, data), logs: [...host.logs] };
    } catch (error) {
      // The worker takes a rejection without a reason for success.
      if (error === undefined || error === null) return { id, response: {}, logs: [...host.logs] };
      const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
      return { id, error: { message, stack }, logs: [...host.logs] };
    }
  }
}
