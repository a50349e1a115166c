import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import pLimit from 'p-limit';
import type { Wait } from '../wait.ts';

/** https://learn.microsoft.com/azure/azure-monitor/service-limits#log-queries-and-language: per user, the rest queues at the service and then gets 429. */
const limits = { concurrent: 5, requests: 200, windowMs: 30_000 } as const;

/** Keeps log queries within the service's limits: five at a time, and never more than 200 in 30 seconds. */
export function logsLimiter({ wait, nowMs }: { readonly wait: Wait; readonly nowMs: () => number }): PipelinePolicy {
  const atOnce = pLimit(limits.concurrent);
  const sent: number[] = [];
  const admission = async (): Promise<void> => {
    for (;;) {
      const now = nowMs();
      while (sent.length > 0 && sent[0]! <= now - limits.windowMs) sent.shift();
      if (sent.length < limits.requests) break;
      await wait(sent[0]! + limits.windowMs - now);
    }
    sent.push(nowMs());
  };
  return {
    name: 'mi-audit-logs-limit',
    sendRequest: (request, next) =>
      atOnce(async () => {
        await admission();
        return next(request);
      }),
  };
}
