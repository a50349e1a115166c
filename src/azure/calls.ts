import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { Calls } from '../findings/index.ts';

export type Family = 'resourceGraph' | 'arm' | 'graph' | 'logs';

/** Counts what goes over the wire, by family of API; a retry is a call. Storage counts its own. */
export function callCounter(): { readonly counting: (family: Family) => PipelinePolicy; readonly sofar: () => Calls } {
  const counts = { resourceGraph: 0, arm: 0, graph: 0, logs: 0, tables: 0 };
  return {
    counting: (family) => ({
      name: 'mi-audit-calls',
      sendRequest(request, next) {
        counts[family] += 1;
        return next(request);
      },
    }),
    sofar: () => ({ ...counts }),
  };
}

export function callsBetween(before: Calls, after: Calls): Calls {
  return {
    resourceGraph: after.resourceGraph - before.resourceGraph,
    arm: after.arm - before.arm,
    graph: after.graph - before.graph,
    logs: after.logs - before.logs,
    tables: after.tables - before.tables,
  };
}
