import { resourceKey, root } from '../estate/index.ts';
import { judgeAddedCredential } from './added-credential.ts';
import { judgeElevation } from './elevated-access.ts';
import { heldGrantNeeds } from './held-grant.ts';
import { judgeMadeAssignments } from './made-assignment.ts';
import type { Rule } from './rule.ts';

export const broadGrantMade: Rule = {
  id: 'broad-grant-made',
  title: 'Broad grant that was just made',
  why: [
    'A broad grant is cheapest to take back on the day it is made, while whoever made it remembers why. The watch reads every role assignment, every elevation of access and every new federated credential in the',
    'Activity Log, each once, and grades it by what the role allows where, to whom, and by whom: to itself, or by somebody who never made a grant before, weighs more. A grant that Privileged Identity Management, the AKS',
    'resource provider or the remediation of an Azure Policy asked for is lowered and named, not hidden. A condition that lists the only roles it may hand out lowers it; one that lists forbidden roles does not.',
    'It stays open until the grant is narrowed or gone; after `BROAD_GRANT_REVIEW_DAYS`, `unnarrowed-broad-grant` goes on with it. What no watch has read is not judged here: the standing rules see what such a grant allows.',
    'Until a watch has noted the first grant, the verdict is inconclusive. An audit counts as complete all the same: it saw everything that audits look at.',
  ].join('\n'),
  fix: 'Ask who made it. If nobody wanted it, delete it now and look at what its holder did since. If it is needed, make the narrower grant first, then delete the broad one.',
  severity: 'high',
  confidence: 'certain',
  needs: { ...heldGrantNeeds, federatedCredentials: 'kept' },
  controls: ['CIS 6.0.0 5.3.3', 'CIS 6.0.0 5.3.4', 'MCSB PA-1', 'MCSB PA-7', 'MCSB LT-1', 'NIST 800-53 r5 AC-6', 'NIST 800-53 r5 AC-6(9)'],
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/change-history-report',
    'https://learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin',
    'https://github.com/elastic/detection-rules/pull/6650',
    'https://github.com/Azure/Azure-Sentinel/issues/9218',
  ],
  awaits: ({ memory }) =>
    memory.grantsMade === undefined
      ? 'no watch has noted a grant on this store yet, and only the watch sees grants being made (`mi-audit watch`, or the function watch-denials)'
      : undefined,
  // What the log saw being made is compared with what stands, whoever holds it there.
  reach: {
    assignments({ memory }) {
      const followed = new Set((memory.grantsMade ?? []).map(({ id }) => resourceKey(id)));
      return ({ key, scope }) => followed.has(key) || (scope === root && followed.size > 0);
    },
  },
  *judge(input) {
    const grants = input.memory.grantsMade ?? [];
    if (grants.length === 0) return;
    yield* judgeMadeAssignments(
      input,
      grants.filter(({ kind }) => kind === 'assignment'),
    );
    for (const grant of grants) {
      if (grant.kind === 'elevation') yield* judgeElevation(input, grant);
      // A quiet one repeats what was there before.
      if (grant.kind === 'federated-credential' && grant.quiet !== true) yield* judgeAddedCredential(input, grant);
    }
  },
};
