import { createDefaultHttpClient, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { inCall, type Service } from '../telemetry/index.ts';

/** The wire of an SDK client, with a span around each attempt. It stands behind all policies, so a call that the guard refuses is none. */
export function toldHttpClient(service: Service, client: HttpClient = createDefaultHttpClient()): HttpClient {
  // The retry policy sends the same request again.
  const attempts = new WeakMap<PipelineRequest, number>();
  return {
    sendRequest(request) {
      const resends = attempts.get(request) ?? 0;
      attempts.set(request, resends + 1);
      return inCall({ service, method: request.method, url: request.url, resends }, () => client.sendRequest(request));
    },
  };
}
