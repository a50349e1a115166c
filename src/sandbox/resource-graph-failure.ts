import { randomUUID } from 'node:crypto';
import { Failure } from './failure.ts';

interface Detail {
  readonly code: string;
  readonly message: string;
}

/** Resource Graph's refusals say nothing in their message (seen in every public report); what is wrong stands in `details`. */
export function resourceGraphFailure(
  status: number,
  code: string,
  details: readonly Detail[],
  more: { readonly headers?: Readonly<Record<string, string>>; readonly cause?: unknown } = {},
): Failure {
  const message = `Please provide below info when asking for support: timestamp = ${new Date().toISOString()}, correlationId = ${randomUUID()}.`;
  return new Failure(status, code, message, { ...more, details: { details } });
}

export const invalidQuery = (code: string, message: string, cause?: unknown): Failure =>
  resourceGraphFailure(
    400,
    'BadRequest',
    [
      {
        code: 'InvalidQuery',
        message:
          'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
      },
      { code, message },
    ],
    { cause },
  );

export const invalidRequest = (code: string, message: string): Failure => resourceGraphFailure(400, 'BadRequest', [{ code, message }]);
