import { registerHooks } from 'node:module';

export interface Binding {
  readonly type: string;
  readonly direction: string;
  readonly [key: string]: unknown;
}

export interface Registered {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: { readonly maxRetryCount?: number };
  readonly handler: (...args: unknown[]) => unknown;
}

/** How host and worker hand values over. A queue's message comes as `string`, and the library parses what looks like JSON. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly http?: object;
}

export interface Response {
  readonly returnValue?: unknown;
  readonly outputData?: readonly unknown[];
}

/** What the Functions worker offers to `@azure/functions`: without it, the library drops every registration with a warning. */
interface CoreApi {
  registerFunction(metadata: Omit<Registered, 'handler'>, handler: Registered['handler']): void;
  registerHook(name: string, hook: Hook): { dispose(): void };
  setProgrammingModel(model: Model): void;
  log(): void;
}

type Hook = (context: object) => unknown;

interface Model {
  getCapabilities(capabilities: object): Promise<Readonly<Record<string, string>>>;
  getInvocationModel(context: object): {
    getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
    invokeFunction(context: unknown, inputs: unknown[], handler: Registered['handler']): Promise<unknown>;
    getResponse(context: unknown, result: unknown): Promise<Response>;
  };
}

declare global {
  var miAuditFakeHost: CoreApi | undefined;
}

/** The span that the host opens for an invocation. */
export const hostSpan = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Answers the library's `require('@azure/functions-core')`. Install it before the first import of an entry file. */
export function installFakeHost() {
  const functions = new Map<string, Registered>();
  const logs: string[] = [];
  const models: Model[] = [];
  const hooks: { readonly name: string; readonly hook: Hook }[] = [];
  let isStarted = false;
  globalThis.miAuditFakeHost = {
    registerFunction(metadata, handler) {
      // As the worker and the host do: the one refuses, the other fails to index.
      if (isStarted) throw new Error(`A function can only be registered during app startup: ${metadata.name}`);
      if (functions.has(metadata.name)) throw new Error(`A function with the name "${metadata.name}" is there already`);
      functions.set(metadata.name, { ...metadata, handler });
    },
    registerHook(name, hook) {
      const registered = { name, hook };
      hooks.push(registered);
      return { dispose: () => void hooks.splice(hooks.indexOf(registered), 1) };
    },
    setProgrammingModel: (given) => void models.push(given),
    log() {},
  };
  const url = 'data:text/javascript,module.exports = globalThis.miAuditFakeHost';
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@azure/functions-core' ? { url, format: 'commonjs', shortCircuit: true } : next(specifier, context),
    load: (given, context, next) =>
      given === url
        ? { format: 'commonjs', source: 'module.exports = globalThis.miAuditFakeHost', shortCircuit: true }
        : next(given, context),
  });
  return {
    functions,
    logs,
    /** Ends registration. The capabilities that the library tells the host of: with streaming of HTTP, the address of a proxy is among them. */
    async start() {
      const capabilities = await models.at(-1)!.getCapabilities({});
      isStarted = true;
      return { copiesOfLibrary: models.length, capabilities };
    },
    invoke,
    /** Runs a function with the library's own conversions, as the worker does. */
    async fire(name: string, input: object | string) {
      return (await invoke(name, { json: JSON.stringify(input) })).returnValue;
    },
  };

  async function invoke(name: string, data: TypedData, retryContext?: object): Promise<Response> {
    const { bindings, handler } = functions.get(name)!;
    const [bindingName] = Object.entries(bindings).find(([, { type }]) => type.endsWith('Trigger'))!;
    const invocation = models.at(-1)!.getInvocationModel({
      invocationId: 'invocation',
      metadata: { name, bindings },
      request: {
        inputData: [{ name: bindingName, data }],
        triggerMetadata: {},
        traceContext: { traceParent: hostSpan, traceState: '' },
        ...(retryContext !== undefined && { retryContext }),
      },
      log: (level: string, _category: string, text: string) => void logs.push(`${level}: ${text}`),
      state: 'invocation',
    });
    const { context: invocationContext, inputs } = await invocation.getArguments();
    const hookData = {};
    const before = { hookData, invocationContext, inputs, functionCallback: handler };
    await run('preInvocation', before);
    const after: Record<'hookData' | 'invocationContext' | 'inputs' | 'result' | 'error', unknown> = {
      hookData,
      invocationContext,
      inputs,
      result: null,
      error: null,
    };
    try {
      after.result = await invocation.invokeFunction(invocationContext, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error;
    }
    await run('postInvocation', after);
    if (after.error !== null && after.error !== undefined) throw after.error;
    return invocation.getResponse(invocationContext, after.result);
  }

  /** One after the other, in the order of registration; what one changes, the next one sees. */
  async function run(name: string, given: object): Promise<void> {
    for (const { hook } of hooks.filter((one) => one.name === name)) await hook(given);
  }
}
