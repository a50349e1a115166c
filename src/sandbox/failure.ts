/** A refusal in the words Azure would use. Each server wraps it in its own error shape. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { headers?: Readonly<Record<string, string>>; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.status = status;
    this.code = code;
    this.headers = more.headers ?? {};
    this.details = more.details ?? {};
  }
}

/**
 * What Azure has and this sandbox has not: named, never guessed. 501, because Azure itself never answers it and no SDK retries it.
 */
export const notInSandbox = (what: string): Failure =>
  new Failure(501, 'NotInSandbox', `The sandbox does not support ${what}. Azure may: add it to src/sandbox, or ask for something else.`);
