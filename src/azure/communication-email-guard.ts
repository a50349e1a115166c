import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** The one thing that the auditor does besides reading: this lets through the sending of a mail and the look at its status, at this endpoint, and nothing else. */
export function mailGuard(endpoint: string): PipelinePolicy {
  return {
    name: 'mi-audit-mail-guard',
    async sendRequest(request, next) {
      const { method, url, body } = request;
      const path = url.startsWith(`${endpoint}/`) ? url.slice(endpoint.length) : '';
      const sends = method === 'POST' && sendPath.test(path);
      const looks = method === 'GET' && statusPath.test(path) && (body === undefined || body === null);
      if (!sends && !looks) throw new RefusedMailCall(method);
      return next(request);
    },
  };
}

const sendPath = /^\/emails:send\?api-version=[\w.-]+$/;
const statusPath = /^\/emails\/operations\/[0-9a-fA-F-]{36}\?api-version=[\w.-]+$/;

/** Not a RestError, so that no policy tries it again. */
export class RefusedMailCall extends Error {
  override readonly name = 'RefusedMailCall';
  constructor(method: string) {
    super(`Refused before sending: a ${method} that is neither the sending of a mail nor the look at its status.`);
  }
}
