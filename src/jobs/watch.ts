import { publishedIncident } from './published-incident.ts';
import { underLease } from './under-lease.ts';
import { coverageOf, isComplete } from './watch-coverage.ts';
import { denialLease, passOverDenials } from './watch-denials.ts';
import { grantLease, passOverGrants } from './watch-grants.ts';
import type { WatchReport } from './watch-report.ts';
import type { WatchRequest } from './watch-request.ts';
import { tellingDenials, tellingGrants } from './watch-telling.ts';

/** Both watches in one report: refused calls, then grants. The function app has a timer for each. */
export function watch(request: WatchRequest): Promise<WatchReport> {
  const { store, holder, dryRun } = request;
  if (dryRun) return bothOf(request, { denials: ours, grants: ours });
  return underLease({ store, name: denialLease, holder }, (denials) =>
    underLease({ store, name: grantLease, holder }, (grants) => bothOf(request, { denials, grants })),
  );
}

const ours = async (): Promise<void> => {};

async function bothOf(
  request: WatchRequest,
  stillOurs: { readonly denials: () => Promise<void>; readonly grants: () => Promise<void> },
): Promise<WatchReport> {
  const shared = askedOnce(request);
  const denials = await tellingDenials(shared, () => passOverDenials(shared, stillOurs.denials));
  const grants = await tellingGrants(() => passOverGrants(shared, stillOurs.grants, denials.estate));
  const gaps = [...denials.gaps, ...grants.gaps];
  return {
    schema: 'mi-audit/watch/v1',
    run: {
      id: denials.runId,
      from: denials.from,
      to: denials.to,
      complete: isComplete(gaps),
      calls: grants.calls,
      dryRun: request.dryRun,
    },
    coverage: coverageOf(gaps),
    denials: denials.denials,
    incidents: denials.incidents.map(publishedIncident),
    grants: grants.findings,
  };
}

/** What both ask for is asked once. */
function askedOnce(request: WatchRequest): WatchRequest {
  const { workspaces, activity } = request;
  const logs = new Map<string, ReturnType<typeof activity.read>>();
  let listed: ReturnType<typeof workspaces.list> | undefined;
  return {
    ...request,
    workspaces: { ...workspaces, list: (scope) => (listed ??= workspaces.list(scope)) },
    activity: {
      read(asked) {
        const key = JSON.stringify({ ...asked, earlier: [...(asked.earlier ?? [])] });
        const known = logs.get(key) ?? activity.read(asked);
        logs.set(key, known);
        return known;
      },
    },
  };
}
