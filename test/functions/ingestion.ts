import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { generate } from 'selfsigned';

/** One item as Application Insights takes it: https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete */
export interface Envelope {
  readonly name: string;
  readonly iKey: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: {
    readonly baseType: string;
    readonly baseData: {
      readonly name?: string;
      readonly properties?: Readonly<Record<string, string>>;
      readonly metrics?: readonly { readonly name: string; readonly value: number; readonly count?: number; readonly max?: number }[];
      readonly [key: string]: unknown;
    };
  };
}

export interface Ingestion {
  /** PEM of what a client must trust. */
  readonly ca: string;
  readonly connectionString: string;
  readonly requests: readonly { readonly path: string; readonly authorization: string; readonly text: string }[];
  envelopes(): readonly Envelope[];
  forget(): void;
  /** From now on answers with this status. */
  answerWith(status: number): void;
  close(): Promise<void>;
}

/** The endpoint that Application Insights takes telemetry at, on this machine. */
export async function startIngestion(): Promise<Ingestion> {
  // Not the sandbox's maker: of two authorities of one name, a client trusts the first alone.
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const requests: { path: string; authorization: string; text: string }[] = [];
  let status = 200;
  const answer: RequestListener = (request, response) => {
    void textOf(request).then((text) => {
      requests.push({ path: request.url ?? '', authorization: request.headers.authorization ?? '', text });
      const count = envelopesOf(text).length;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ itemsReceived: count, itemsAccepted: status === 200 ? count : 0, errors: [] }));
    });
  };
  const server = createServer({ cert, key }, answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    ca: cert,
    connectionString: `InstrumentationKey=5a3d2c1b-0000-4000-8000-00000000c0de;IngestionEndpoint=https://localhost:${port}/;LiveEndpoint=https://localhost:${port}/live/`,
    requests,
    envelopes: () => requests.flatMap(({ text }) => envelopesOf(text)),
    forget: () => void requests.splice(0),
    answerWith: (given) => void (status = given),
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** An array, or one object on each line. */
const envelopesOf = (text: string): readonly Envelope[] =>
  text.trim() === ''
    ? []
    : text.trimStart().startsWith('[')
      ? (JSON.parse(text) as Envelope[])
      : text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Envelope);
