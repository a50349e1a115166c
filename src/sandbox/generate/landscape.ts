import { recorder, type Recorder } from './log-rows/recorder.ts';
import type { ManagementGroup, ResourceGroup, Subscription } from './rows/container.ts';
import type { Planted } from './planted.ts';
import type { Placed } from './tenant-options.ts';
import type { Tenant } from './tenant.ts';

/** The ground that all stories of contoso stand on: management groups, three subscriptions, a registry, and who holds what by design. */
export interface Landscape {
  readonly t: Tenant;
  readonly corp: ManagementGroup;
  readonly online: ManagementGroup;
  readonly platformGroup: ManagementGroup;
  readonly decommissioned: ManagementGroup;
  readonly playground: ManagementGroup;
  readonly prod: Subscription;
  readonly dev: Subscription;
  readonly platform: Subscription;
  readonly registry: Placed;
  readonly workspace: Placed & { readonly customerId: string };
  /** What happens in this tenant goes into its workspace and its Activity Logs. */
  readonly records: Recorder;
  /** A resource group `rg-<app>-<env>` with the tags that contoso asks for. */
  readonly group: (app: string, env: 'prod' | 'dev' | 'platform') => ResourceGroup;
}

/** One workload of contoso and what is wrong with it, or only looks it. Its log rows belong into the same file. */
export interface Story {
  readonly name: string;
  readonly plant: (land: Landscape) => readonly Planted[];
}

export const owned = { owner: 'platform-team', 'cost-centre': '4711' } as const;

export function landscape(t: Tenant): Landscape {
  const contoso = t.managementGroup('contoso', { displayName: 'Contoso' });
  const platformGroup = t.managementGroup('platform', { displayName: 'Platform', parent: contoso });
  const landingZones = t.managementGroup('landing-zones', { displayName: 'Landing Zones', parent: contoso });
  const corp = t.managementGroup('corp', { displayName: 'Corp', parent: landingZones });
  const online = t.managementGroup('online', { displayName: 'Online', parent: landingZones });
  const decommissioned = t.managementGroup('decommissioned', { displayName: 'Decommissioned', parent: contoso });
  const playground = t.managementGroup('playground', { displayName: 'Playground', parent: contoso });
  const prod = t.subscription('contoso-prod', online, { environment: 'prod' });
  const dev = t.subscription('contoso-dev', corp, { environment: 'dev' });
  const platform = t.subscription('contoso-platform', platformGroup, { environment: 'platform' });
  const subscriptions = { prod, dev, platform };
  const group: Landscape['group'] = (app, env) =>
    t.resourceGroup(subscriptions[env], `rg-${app}-${env}`, { tags: { ...owned, application: app, environment: env } });

  const shared = group('shared', 'platform');
  const registry = t.resource(shared, 'Microsoft.ContainerRegistry/registries', 'crcontoso', {
    sku: { name: 'Premium', tier: 'Premium' },
    properties: { adminUserEnabled: false },
  });
  const workspace = t.workspace(shared, 'log-contoso');
  const records = recorder(t, {
    name: 'contoso',
    workspace,
    subscriptions: [prod, dev, platform],
    operator: { upn: 'operator.09@contoso.example', principalId: t.directory.user('Operator 09').principalId },
  });
  return { t, corp, online, platformGroup, decommissioned, playground, prod, dev, platform, registry, workspace, records, group };
}
