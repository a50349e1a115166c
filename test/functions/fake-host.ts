import { registerHooks } from 'node:module';

interface Registered {
  readonly name: string;
  readonly bindings: Readonly<Record<string, { readonly type: string; readonly [key: string]: unknown }>>;
  readonly handler: (...args: unknown[]) => unknown;
}

/** What the Functions worker offers to `@azure/functions`: without it, the library drops every registration with a warning. */
interface CoreApi {
  registerFunction(metadata: Omit<Registered, 'handler'>, handler: Registered['handler']): void;
  registerHook(): void;
  setProgrammingModel(model: Model): void;
  log(): void;
}

interface Model {
  getInvocationModel(context: object): {
    getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
    invokeFunction(context: unknown, inputs: unknown[], handler: Registered['handler']): Promise<unknown>;
    getResponse(context: unknown, result: unknown): Promise<{ returnValue?: unknown }>;
  };
}

declare global {
  var miAuditFakeHost: CoreApi | undefined;
}

/** Answers the library's `require('@azure/functions-core')`. Install it before the first import of an entry file. */
export function installFakeHost() {
  const functions = new Map<string, Registered>();
  const logs: string[] = [];
  let model: Model | undefined;
  globalThis.miAuditFakeHost = {
    registerFunction: (metadata, handler) => void functions.set(metadata.name, { ...metadata, handler }),
    registerHook() {},
    setProgrammingModel: (given) => void (model = given),
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
    /** Runs a function with the library's own conversions, as the worker does. */
    async fire(name: string, input: object | string) {
      const { bindings, handler } = functions.get(name)!;
      const [bindingName] = Object.entries(bindings).find(([, { type }]) => type.endsWith('Trigger'))!;
      const invocation = model!.getInvocationModel({
        invocationId: 'invocation',
        metadata: { name, bindings },
        request: { inputData: [{ name: bindingName, data: { json: JSON.stringify(input) } }], triggerMetadata: {} },
        log: (level: string, _category: string, text: string) => void logs.push(`${level}: ${text}`),
        state: 'invocation',
      });
      const { context, inputs } = await invocation.getArguments();
      return (await invocation.getResponse(context, await invocation.invokeFunction(context, inputs, handler))).returnValue;
    },
  };
}
