import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { TableClient } from '@azure/data-tables';
import { openRecordTable } from '../../src/azure/tables/index.ts';
import type { RecordTable } from '../../src/ports/index.ts';

export interface Azurite {
  table(name: string): Promise<RecordTable>;
  stop(): Promise<void>;
}

/** Azurite's tables in this process, in memory, without telemetry (its command line has it, its classes have not). */
export async function startAzurite(): Promise<Azurite> {
  const port = await freePort();
  const require = createRequire(import.meta.url);
  const { default: Configuration } = require('azurite/dist/src/table/TableConfiguration.js') as {
    default: new (...options: unknown[]) => object;
  };
  const { default: Server } = require('azurite/dist/src/table/TableServer.js') as {
    default: new (configuration: object) => { start(): Promise<void>; close(): Promise<void> };
  };
  const [enableDebugLog, enableAccessLog, loose, skipApiVersionCheck, disableProductStyleUrl, inMemory] = [
    false,
    false,
    false,
    true,
    false,
    true,
  ];
  const server = new Server(
    new Configuration(
      '127.0.0.1',
      port,
      5,
      'unused',
      enableDebugLog,
      enableAccessLog,
      undefined,
      undefined,
      loose,
      skipApiVersionCheck,
      '',
      '',
      '',
      undefined,
      disableProductStyleUrl,
      inMemory,
    ),
  );
  await server.start();
  // Azurite's documented account and key: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
  const account = 'devstoreaccount1';
  const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};TableEndpoint=http://127.0.0.1:${port}/${account};`;
  return {
    table: (name) => openRecordTable(TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true })),
    stop: () => server.close(),
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
