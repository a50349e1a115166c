import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from './failure.ts';
import type { Call, Reply } from './http.ts';

/** Trouble that a world asks for: throttling, outages, slow or broken connections, partial answers, receivers that die. */
export interface Fault {
  /** `POST /providers/Microsoft.ResourceGraph/resources`: method (or `*`) and a path prefix, or a regular expression over path and query. */
  readonly match: string;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** How often it strikes; without it, always. */
  readonly times?: number | undefined;
  /** How many matching calls it lets pass first: the trouble on page 3. */
  readonly after?: number | undefined;
  readonly delayMs?: number | undefined;
  readonly dropConnection?: boolean | undefined;
  /** The call is served first, and then the trouble strikes: a receiver that takes a message and dies. */
  readonly afterwards?: boolean | undefined;
}

export interface Faults {
  around(call: Call, handle: () => Reply | Promise<Reply>, refuse: (failure: Failure) => Reply): Promise<Reply | 'drop'>;
}

export function faultsOf(given: readonly Fault[]): Faults {
  const armed = given.map((fault) => ({ fault, matches: matcherOf(fault.match), seen: 0, struck: 0 }));
  return {
    async around(call, handle, refuse) {
      const hit = armed.find((one) => {
        if (!one.matches(call)) return false;
        one.seen += 1;
        return one.seen > (one.fault.after ?? 0) && one.struck < (one.fault.times ?? Infinity);
      });
      if (hit === undefined) return handle();
      hit.struck += 1;
      if (hit.fault.delayMs !== undefined) await wait(hit.fault.delayMs);
      const served = hit.fault.afterwards === true ? await handle() : undefined;
      if (hit.fault.dropConnection === true) return 'drop';
      if (hit.fault.status === undefined) return handle();
      // 200 with a code is Log Analytics' partial answer: the rows come, and an error beside them.
      if (hit.fault.status === 200) return partial(served ?? (await handle()), hit.fault);
      return refuse(failureOf(hit.fault, hit.fault.status));
    },
  };
}

function failureOf(fault: Fault, status: number): Failure {
  const code = fault.code ?? defaultCodes[status] ?? 'SandboxFault';
  const headers = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
  return new Failure(status, code, fault.message ?? `${code}: this world asks for a ${status} here.`, { headers });
}

function partial(reply: Reply, fault: Fault): Reply {
  if (fault.code === undefined || typeof reply.body !== 'object' || reply.body === null) return reply;
  const message = fault.message ?? 'There were some errors when processing your query.';
  return { ...reply, body: { ...reply.body, error: { code: fault.code, message, details: [{ code: 'PartialQueryFailure', message }] } } };
}

const defaultCodes: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'InvalidAuthenticationToken',
  403: 'AuthorizationFailed',
  404: 'NotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** Undefined when the match can be used; otherwise what is wrong with it. */
export function faultMatchProblem(match: string): string | undefined {
  try {
    matcherOf(match);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

function matcherOf(match: string): (call: Call) => boolean {
  const parts = /^(\S+)\s+(\S.*)$/.exec(match.trim());
  const [, method = '', where = ''] = parts ?? [];
  if (!/^([A-Z]+|\*)$/.test(method))
    throw new Error('expected a method in capitals (or *), a space, and a path prefix or a regular expression');
  const rightMethod = (call: Call): boolean => method === '*' || call.method === method;
  if (where.startsWith('/')) {
    const prefix = where.toLowerCase();
    return (call) => rightMethod(call) && call.path.toLowerCase().startsWith(prefix);
  }
  const pattern = new RegExp(where, 'i');
  return (call) => rightMethod(call) && pattern.test(call.query.size === 0 ? call.path : `${call.path}?${decoded(call.query.toString())}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
