import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { QueueClient } from '@azure/storage-queue';
import type { TypedData } from './fake-host.ts';
import type { Answer, Ask, Loaded } from './worker.ts';

interface HostFile {
  readonly extensions: {
    readonly queues: { readonly batchSize: number; readonly maxDequeueCount: number; readonly messageEncoding?: string };
  };
}

export interface Outcome {
  readonly succeeded: boolean;
  readonly why: string;
  /** Of the error, as the host is told. */
  readonly stack: string;
  /** Of this invocation, where no other ran beside it. */
  readonly logs: readonly string[];
  readonly returned: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Host = Awaited<ReturnType<typeof startHost>>;

/** The host's part for a packaged app: timers, HTTP, and queues that it reads, retries and poisons as host.json says. */
export async function startHost({ app, environment }: { readonly app: string; readonly environment: Readonly<Record<string, string>> }) {
  const { queues } = (JSON.parse(readFileSync(join(app, 'host.json'), 'utf8')) as HostFile).extensions;
  const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [app], {
    env: { PATH: process.env['PATH'], ...environment },
    execArgv: ['--enable-source-maps'],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => void said.push(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void said.push(text));
  const waiting = new Map<number, (answer: Answer) => void>();
  const loaded = await new Promise<Loaded>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Loaded));
    child.once('exit', (code) => reject(new Error(`The worker ended with ${code} before it was ready: ${said.join('')}`)));
    child.once('error', reject);
  });
  child.on('message', (message) => {
    const answer = message as Answer;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.on('exit', () => {
    // All that was in flight is lost with the worker.
    for (const [id, answer] of waiting) answer(lost(id));
  });
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  const lost = (id: number): Answer => ({ id, error: { message: `The worker ended: ${said.join('')}`, stack: '' }, logs: [] });
  let asked = 0;
  let read = 0;

  async function invoke(name: string, data: TypedData): Promise<Outcome> {
    const ask: Ask = { id: asked++, name, data };
    const { response, error, logs } = await new Promise<Answer>((resolve) => {
      if (isAlive()) {
        waiting.set(ask.id, resolve);
        child.send(ask);
      } else resolve(lost(ask.id));
    });
    const fresh = logs.slice(read);
    read = Math.max(read, logs.length);
    return { succeeded: error === undefined, why: error?.message ?? '', stack: error?.stack ?? '', logs: fresh, returned: response };
  }

  /** One round over a queue: what can be seen now goes to the function, is deleted or comes back, and is poison in the end. */
  async function pump(name: string, queue: QueueClient, poison: QueueClient): Promise<readonly Outcome[]> {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: queues.batchSize, visibilityTimeout: 600 });
    const outcomes: Outcome[] = [];
    for (const { messageId, popReceipt, messageText, dequeueCount } of receivedMessageItems) {
      const text = queues.messageEncoding === 'none' ? messageText : decoded(messageText);
      const outcome = text === undefined ? undefined : await invoke(name, { string: text });
      if (outcome !== undefined) outcomes.push(outcome);
      if (outcome?.succeeded === true) {
        await queue.deleteMessage(messageId, popReceipt);
      } else if (outcome === undefined || dequeueCount >= queues.maxDequeueCount) {
        await poison.createIfNotExists();
        await poison.sendMessage(messageText);
        await queue.deleteMessage(messageId, popReceipt);
      } else {
        // The host waits for `visibilityTimeout` of host.json here.
        await queue.updateMessage(messageId, popReceipt, messageText, 0);
      }
    }
    return outcomes;
  }

  return {
    ...loaded,
    queues,
    pump,
    timer: (name: string, isPastDue = false) =>
      invoke(name, { json: JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus: null, IsPastDue: isPastDue }) }),
    message: (name: string, text: string) => invoke(name, { string: text }),
    async http(method: string, path: string, init: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {}) {
      const { succeeded, why, returned } = await invoke('http', {
        http: {
          method,
          url: `https://mi-audit.example${path}`,
          headers: init.headers ?? {},
          query: {},
          params: {},
          ...(init.body !== undefined && { body: { string: init.body } }),
        },
      });
      // An invocation that fails is an empty 500 to whoever asked; nothing is no answer at all.
      if (!succeeded) throw new Error(`The HTTP function failed: ${why}`);
      return httpAnswer(returned);
    },
    isAlive,
    /** Standard output and error of the worker. */
    said: () => said.join(''),
    close: () =>
      new Promise<void>((resolve) => {
        if (!isAlive()) return resolve();
        child.once('exit', () => resolve());
        child.kill();
      }),
  };
}

function httpAnswer(returned: unknown): HttpAnswer {
  const { http } = (returned as { returnValue?: { http?: { statusCode: string; headers: Record<string, string>; body?: TypedData } } })
    .returnValue ?? { http: undefined };
  if (http === undefined) throw new Error('The HTTP function did not answer.');
  const { body } = http;
  return {
    status: Number(http.statusCode),
    headers: http.headers,
    text: body?.bytes === undefined ? (body?.string ?? body?.json ?? '') : Buffer.from(body.bytes).toString('utf8'),
  };
}

/** Undefined: no base64, which the host puts to the poison at once. */
function decoded(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes.toString('utf8') : undefined;
}
