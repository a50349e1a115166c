import { owned, type Landscape, type Story } from '../landscape.ts';
import { activityEvents, authorizationFailed, type Write } from '../log-rows/activity.ts';
import { credentialWritten, elevated, grantMade, grantRemoved } from '../log-rows/changes.ts';
import { finding, lowered, silent } from '../planted.ts';
import type { ManagedIdentity } from '../rows/identity.ts';
import type { Placed } from '../tenant-options.ts';

/** Grants of this morning: broad ones, ones that Azure itself asked for, and everything in an Activity Log that is no grant. */
export const freshGrants: Story = {
  name: 'fresh grants',
  plant(land) {
    const { t, prod, dev, platform, online, records, group } = land;
    const home = group('release', 'prod');
    const newcomer = { upn: 'operator.11@contoso.example', principalId: t.directory.user('Operator 11').principalId };

    const release = runner(land, home, 'id-release-prod');
    const broad = fresh(land, { holder: release, role: 'Contributor', scope: prod, minutes: 70, by: newcomer });
    const above = fresh(land, { holder: release, role: 'Key Vault Secrets Officer', scope: online, minutes: 65 });

    const provision = runner(land, home, 'id-provision-dev');
    t.assign(provision, 'Role Based Access Control Administrator', dev, { createdOn: t.ago({ days: 12 }) });
    const toItself = fresh(land, { holder: provision, role: 'Owner', scope: dev, minutes: 50, by: provision });

    const mirror = runner(land, home, 'id-mirror-prod');
    t.assign(mirror, 'Contributor', platform, { createdOn: t.ago({ days: 12 }) });
    const door = t.federatedCredential(mirror, 'mirror-pipeline', {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'repo:contoso/mirror:environment:production',
    });
    credentialWritten(records, { credential: door, at: t.ago({ minutes: 45 }) });

    const person = t.directory.user('Operator 12');
    const admin = { upn: 'operator.12@contoso.example', principalId: person.principalId };
    t.assign(person, 'User Access Administrator', { id: '/' }, { createdOn: t.ago({ minutes: 40 }), createdBy: admin.principalId });
    elevated(records, { by: admin, at: t.ago({ minutes: 40 }) });

    const night = runner(land, home, 'id-night-shift-dev');
    const privileged = { principalId: t.seeded.guid('MS-PIM'), clientId: '01fc33a7-78ba-4d2f-a4b7-768e336e890e', id: '' };
    const throughPim = fresh(land, { holder: night, role: 'Contributor', scope: dev, minutes: 35, by: privileged });

    const policy = t.policyAssignment(dev, 'deploy-backup', { displayName: 'Deploy backup' });
    const remediation = fresh(land, { holder: policy.identity, role: 'Tag Contributor', scope: dev, minutes: 34 });
    const remediator = fresh(land, { holder: policy.identity, role: 'Contributor', scope: dev, minutes: 34 });

    const account = t.storageAccount(home, 'streleaseprod');
    const narrow = fresh(land, { holder: release, role: 'Storage Blob Data Contributor', scope: account, minutes: 60 });
    const inGroup = fresh(land, { holder: release, role: 'Contributor', scope: home, minutes: 59 });

    const old = t.assign(mirror, 'Owner', dev);
    const tried = { ...old, id: old.id.replace(/[^/]+$/, t.seeded.guid('tried')) };
    const begun = { ...old, id: old.id.replace(/[^/]+$/, t.seeded.guid('begun')) };
    t.remove(old.id);
    const request = { operation: 'Microsoft.Authorization/roleAssignments/write', at: t.ago({ minutes: 58 }) };
    records.did({ ...request, resourceId: tried.id, failure: authorizationFailed(mirror, request.operation, tried.id) });
    const write: Write = {
      ...request,
      resourceId: begun.id,
      tenantId: t.tenantId,
      by: records.operator,
      correlationId: t.seeded.guid('write', 'begun'),
    };
    t.activity(dev, activityEvents(write)[0]!);

    const undone = t.assign(mirror, 'Contributor', prod);
    t.remove(undone.id);
    const taken = { assignment: undone, principalId: mirror.principalId, role: 'Contributor', scope: prod };
    grantMade(records, { ...taken, at: t.ago({ minutes: 57 }) });
    grantRemoved(records, { ...taken, at: t.ago({ minutes: 30 }) });

    const deployer = runner(land, home, 'id-redeploy-dev');
    const again = t.assign(deployer, 'Contributor', dev, { createdOn: t.ago({ minutes: 26 }) });
    const same = { principalId: deployer.principalId, role: 'Contributor', scope: dev };
    grantRemoved(records, {
      ...same,
      assignment: { ...again, id: again.id.replace(/[^/]+$/, t.seeded.guid('before')) },
      at: t.ago({ minutes: 28 }),
    });
    grantMade(records, { ...same, assignment: again, at: t.ago({ minutes: 26 }) });

    const rewritten = t.assign(deployer, 'Contributor', platform, { createdOn: t.ago({ days: 12 }) });
    grantMade(records, {
      assignment: rewritten,
      principalId: deployer.principalId,
      role: 'Contributor',
      scope: platform,
      at: t.ago({ minutes: 25 }),
    });

    return [
      finding('broad-grant-made', broad, 'an hour ago, by somebody who never made a grant before'),
      finding('broad-grant-made', above, 'secrets below a whole management group: only that group’s own Activity Log tells'),
      finding('broad-grant-made', toItself, 'gave itself Owner with the right to grant that it had'),
      finding('broad-grant-made', door, 'a new way to sign in as an identity that holds Contributor of a subscription'),
      finding('broad-grant-made', { id: admin.principalId }, 'elevated access; the assignment at the root still stands'),
      lowered('broad-grant-made', throughPim, 'made by Privileged Identity Management'),
      lowered('broad-grant-made', remediator, 'for the remediation of a policy, within its scope'),
      silent('broad-grant-made', remediation, 'writes tags and nothing else'),
      silent('broad-grant-made', narrow, 'a data role on one account'),
      silent('broad-grant-made', inGroup, 'Contributor of its own resource group'),
      silent('broad-grant-made', tried, 'an attempt that was refused'),
      silent('broad-grant-made', begun, 'a start without a result'),
      silent('broad-grant-made', undone, 'taken back within the hour'),
      silent('broad-grant-made', again, 'deleted and made again by a deployment'),
      silent('broad-grant-made', rewritten, 'twelve days old, written once more by a deployment'),
    ];
  },
};

function runner({ t }: Landscape, home: Parameters<typeof t.host>[1], name: string): ManagedIdentity {
  const identity = t.userAssignedIdentity(home, name, { tags: owned });
  t.host('containerJob', home, name.replace('id-', 'job-'), { userAssigned: [identity], tags: owned });
  return identity;
}

function fresh(
  { t, records }: Landscape,
  given: {
    readonly holder: ManagedIdentity;
    readonly role: string;
    readonly scope: { readonly id: string };
    readonly minutes: number;
    readonly by?: Write['by'];
  },
): Placed {
  const { holder, role, scope, minutes, by = records.operator } = given;
  const at = t.ago({ minutes });
  const assignment = t.assign(holder, role, scope, { createdOn: at, createdBy: by.principalId });
  grantMade(records, { assignment, principalId: holder.principalId, role, scope, at, by });
  return assignment;
}
