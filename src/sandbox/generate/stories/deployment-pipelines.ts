import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** What deploys contoso holds more than it needs, here by itself and there through a group. */
export const deploymentPipelines: Story = {
  name: 'deployment pipelines',
  plant({ t, online, dev, platform, prod, group }) {
    const home = group('deploy', 'platform');
    const runner = (name: string) => {
      const identity = t.userAssignedIdentity(home, `id-deploy-${name}`, { tags: owned });
      t.host('containerJob', home, `job-deploy-${name}`, { userAssigned: [identity], tags: owned });
      return identity;
    };

    const owner = t.assign(runner('landing-zones'), 'Owner', online, { createdOn: t.ago({ days: 200 }) });
    const fresh = t.assign(runner('dev'), 'Contributor', dev, { createdOn: t.ago({ days: 5 }) });
    const narrow = t.assign(runner('catalog'), 'Contributor', group('catalog-deploy', 'dev'));

    const automation = t.host('automation', home, 'aa-platform', { systemAssigned: true, tags: owned });
    const inner = t.directory.group('grp-platform-runbooks', [{ ...automation.identity!, principalType: 'ServicePrincipal' }]);
    const outer = t.directory.group('grp-platform-automation', [inner]);
    const throughGroup = t.assign(outer, 'Contributor', platform);
    const people = t.directory.group('grp-platform-people', [t.directory.user('Operator 02'), t.directory.user('Operator 03')]);
    const peoplesGrant = t.assign(people, 'Contributor', prod);
    const person = t.assign(t.directory.user('Operator 04'), 'Owner', prod);

    return [
      finding('privileged-role-at-broad-scope', owner, 'Owner of a management group'),
      finding('escalation-capable-role', owner, 'Owner may grant itself anything'),
      finding('unnarrowed-broad-grant', owner, '200 days old, never narrowed'),
      finding('privileged-role-at-broad-scope', fresh, 'Contributor of a subscription, five days old'),
      silent('unnarrowed-broad-grant', fresh, 'five days old: still within the time for review'),
      silent('privileged-role-at-broad-scope', narrow, 'Contributor of one resource group'),
      silent('escalation-capable-role', narrow, 'Contributor may not grant roles'),
      finding('privileged-role-at-broad-scope', throughGroup, 'an automation account holds it through two nested groups'),
      silent('privileged-role-at-broad-scope', peoplesGrant, 'a group of people: not asked for unless AUDIT_PRINCIPALS=all'),
      silent('privileged-role-at-broad-scope', person, 'a person: not asked for unless AUDIT_PRINCIPALS=all'),
    ];
  },
};
