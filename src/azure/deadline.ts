import { RestError, type PipelinePolicy, type PipelineResponse } from '@azure/core-rest-pipeline';

/**
 * Ends an attempt that hangs, headers and body together (the SDK's own timeout stops at the headers), as ETIMEDOUT, which the SDK's retry policy
 * tries again.
 */
export function deadline(timeoutMs: number): PipelinePolicy {
  return {
    name: 'mi-audit-deadline',
    async sendRequest(request, next) {
      const given = request.abortSignal;
      const late = new AbortController();
      const onGiven = () => late.abort();
      given?.addEventListener('abort', onGiven);
      let timer: NodeJS.Timeout | undefined;
      const expired = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(new RestError(`no complete answer within ${timeoutMs / 1000} s`, { code: 'ETIMEDOUT', request }));
          late.abort();
        }, timeoutMs);
      });
      request.abortSignal = late.signal;
      const answer: Promise<PipelineResponse> = next(request);
      answer.catch(() => undefined);
      try {
        return await Promise.race([answer, expired]);
      } finally {
        clearTimeout(timer);
        given?.removeEventListener('abort', onGiven);
        if (given === undefined) delete request.abortSignal;
        else request.abortSignal = given;
      }
    },
  };
}
