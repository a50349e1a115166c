/**
 * Runs in a worker thread: Azurite's servers as its own main script would start them, minus the command line. The paths into its dist folder are undocumented
 * (pinned version; test/sandbox/storage.test.ts goes red when they move).
 */
import { createRequire, Module } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { isObject, textAt, valueAt } from './json.ts';

const require = createRequire(import.meta.url);
const azurite = createRequire(require.resolve('azurite/package.json'));

// Telemetry off, for good: Azurite only reads this module when it sends, but merely loading it patches console and http and costs a third of the start.
const telemetry = azurite.resolve('applicationinsights');
require.cache[telemetry] = Object.assign(new Module(telemetry), { exports: {}, loaded: true });

interface AzuriteServer {
  start(): Promise<void>;
  getHttpServerAddress(): string;
}
type Constructor<T> = new (...options: readonly unknown[]) => T;

const TableConfiguration = load<unknown>('azurite/dist/src/table/TableConfiguration.js');
const TableServer = load<AzuriteServer>('azurite/dist/src/table/TableServer.js');
const QueueConfiguration = load<unknown>('azurite/dist/src/queue/QueueConfiguration.js');
const QueueServer = load<AzuriteServer>('azurite/dist/src/queue/QueueServer.js');

parentPort?.once('message', (message: unknown) => {
  const cert = textAt(message, 'cert') ?? '';
  const key = textAt(message, 'key') ?? '';
  serve(cert, key).then(
    (ports) => parentPort?.postMessage(ports, []),
    (cause: unknown) => parentPort?.postMessage({ problem: cause instanceof Error ? cause.message : String(cause) }, []),
  );
});

async function serve(cert: string, key: string): Promise<{ readonly tables: number; readonly queues: number }> {
  // host, port, keepAliveTimeout, paths; then debug log off, access log off, …, loose, skipApiVersionCheck, cert, key, pwd, oauth, disableProductStyleUrl, isMemoryPersistence.
  // The version check would refuse the service versions of newer SDKs; the shapes are the same.
  const common = [false, true, cert, key, '', 'basic', false, true] as const;
  const tables = new TableServer(new TableConfiguration('127.0.0.1', 0, 5, '', false, false, undefined, undefined, ...common));
  const queues = new QueueServer(new QueueConfiguration('127.0.0.1', 0, 5, '', '', [], false, undefined, false, undefined, ...common));
  await Promise.all([tables.start(), queues.start()]);
  return { tables: portOf(tables), queues: portOf(queues) };
}

const portOf = (server: AzuriteServer): number => Number(new URL(server.getHttpServerAddress()).port);

function load<T>(path: string): Constructor<T> {
  const loaded: unknown = require(path);
  const constructor = isObject(loaded) ? valueAt(loaded, 'default') : undefined;
  if (typeof constructor !== 'function')
    throw new Error(`${path} has no default export any more: this version of Azurite is laid out differently`);
  return constructor as Constructor<T>;
}
