import type { Story } from '../landscape.ts';
import { accessDelegation } from './access-delegation.ts';
import { assignmentLimits } from './assignment-limits.ts';
import { auditor } from './auditor.ts';
import { broadDataAccess } from './broad-data-access.ts';
import { clusters } from './clusters.ts';
import { customRoles } from './custom-roles.ts';
import { deploymentPipelines } from './deployment-pipelines.ts';
import { documentArchive } from './document-archive.ts';
import { everydayRefusals } from './everyday-refusals.ts';
import { federatedCredentials } from './federated-credentials.ts';
import { freshGrants } from './fresh-grants.ts';
import { healthyWorkloads } from './healthy-workloads.ts';
import { hostileNames } from './hostile-names.ts';
import { leftOverIdentities } from './left-over-identities.ts';
import { legacyVaults } from './legacy-vaults.ts';
import { ownerless } from './ownerless.ts';
import { partnerAccess } from './partner-access.ts';
import { patching } from './patching.ts';
import { peopleSync } from './people-sync.ts';
import { policyRemediation } from './policy-remediation.ts';
import { quietIdentities } from './quiet-identities.ts';
import { refusedCalls } from './refused-calls.ts';
import { recreatedBatch } from './recreated-batch.ts';
import { repeatedGrants } from './repeated-grants.ts';
import { retiredReporting } from './retired-reporting.ts';
import { sharedIntegration } from './shared-integration.ts';

/** Every story of contoso. Ids depend on names only: the order here, and a story added later, moves nobody else's. */
export const stories: readonly Story[] = [
  auditor,
  healthyWorkloads,
  retiredReporting,
  partnerAccess,
  recreatedBatch,
  legacyVaults,
  policyRemediation,
  clusters,
  deploymentPipelines,
  accessDelegation,
  customRoles,
  broadDataAccess,
  repeatedGrants,
  assignmentLimits,
  leftOverIdentities,
  quietIdentities,
  sharedIntegration,
  federatedCredentials,
  patching,
  documentArchive,
  peopleSync,
  ownerless,
  hostileNames,
  refusedCalls,
  everydayRefusals,
  freshGrants,
];
