import type { Problem } from '../contract/index.ts';

/** What is wrong with a request, or with us, as RFC 9457 wants it told. The only thing a handler throws. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly kind: ProblemKind;
  readonly errors: Problem['errors'];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: ProblemKind,
    detail: string,
    more: { readonly errors?: Problem['errors']; readonly headers?: Readonly<Record<string, string>>; readonly cause?: unknown } = {},
  ) {
    super(detail, more.cause === undefined ? {} : { cause: more.cause });
    this.kind = kind;
    this.status = kinds[kind].status;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

export type ProblemKind = keyof typeof kinds;

export function problemOf({ kind, message, errors }: Refusal, instance: string): Problem {
  const { status, title } = kinds[kind];
  return { type: `urn:mi-audit:problem:${kind}`, title, status, detail: message, instance, ...(errors !== undefined && { errors }) };
}

const kinds = {
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  'bad-cursor': { status: 400, title: 'The cursor does not belong to this query' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'not-allowed': { status: 403, title: 'You may not do this' },
  'not-found': { status: 404, title: 'Nothing is here' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  'not-acceptable': { status: 406, title: 'There is no such representation' },
  conflict: { status: 409, title: 'That does not fit the present state' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'went-wrong': { status: 500, title: 'Something went wrong here' },
  'not-configured': { status: 503, title: 'The API is not set up' },
  unavailable: { status: 503, title: 'Something needed is not available' },
} as const;
