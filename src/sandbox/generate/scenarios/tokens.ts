import { audiences, managedIdentitySignInRow } from '../log-rows/entra.ts';
import { workload, type Place } from './place.ts';
import type { Caller } from '../log-rows/log-row.ts';
import type { Scenario } from './scenario.ts';

const day = 1_440;

/** Token requests out of character. */
export const tokens: readonly Scenario[] = [
  {
    id: 'token/new-audience',
    // Who asked is not in any log: the incident says what is unusual, and names no cause.
    cause: 'unexplained',
    notCertain: true,
    kind: 'token',
    story: 'For three weeks the identity asked for vault tokens only; since half an hour ago it asks for ARM as well.',
    passes: [20 * day, 60],
    build(here) {
      const { identity, host } = workload(here);
      signsIn(here, identity, host.id, audiences.vault, { from: 21 * day, until: 10, every: 120 });
      signsIn(here, identity, host.id, audiences.arm, { from: 30, until: 10, every: 5 });
    },
  },
  {
    id: 'token/neighbour-young',
    cause: 'none',
    story: 'The same after five days: nobody knows yet what is usual.',
    passes: [5 * day, 60],
    build(here) {
      const { identity, host } = workload(here);
      signsIn(here, identity, host.id, audiences.vault, { from: 5 * day, until: 10, every: 120 });
      signsIn(here, identity, host.id, audiences.arm, { from: 30, until: 10, every: 5 });
    },
  },
  {
    id: 'token/neighbour-redeployed',
    cause: 'none',
    story: 'The same, right after a new version of the app was deployed.',
    passes: [20 * day, 60],
    build(here) {
      const { identity, host } = workload(here);
      signsIn(here, identity, host.id, audiences.vault, { from: 21 * day, until: 10, every: 120 });
      here.did({ operation: 'Microsoft.Web/sites/write', resourceId: host.id, at: here.t.ago({ minutes: 35 }) });
      signsIn(here, identity, host.id, audiences.arm, { from: 30, until: 10, every: 5 });
    },
  },
  {
    id: 'token/neighbour-as-ever',
    cause: 'none',
    story: 'Three weeks of the same.',
    passes: [20 * day, 60],
    build(here) {
      const { identity, host } = workload(here);
      signsIn(here, identity, host.id, audiences.vault, { from: 21 * day, until: 10, every: 120 });
    },
  },
];

function signsIn(
  here: Place,
  caller: Caller & { readonly name: string },
  host: string,
  audience: (typeof audiences)[keyof typeof audiences],
  span: Parameters<Place['instants']>[0],
): void {
  for (const at of here.instants(span))
    here.log(managedIdentitySignInRow({ at, tenantId: here.t.tenantId, caller, result: '0', audience, host }));
}
