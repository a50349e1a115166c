import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** A workspace that never had data answers 204 without a body, which the SDK takes for a failure: it is an answer without rows. */
export const noContentIsEmpty: PipelinePolicy = {
  name: 'mi-audit-no-content',
  async sendRequest(request, next) {
    const response = await next(request);
    return response.status === 204 ? { ...response, status: 200, bodyAsText: '{"tables":[]}' } : response;
  },
};
