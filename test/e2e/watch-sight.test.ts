import { expect, it } from 'vitest';
import type { WatchReport } from '../../src/jobs/watch-report.ts';
import { folder, miAudit, now, tenantId, world } from './mi-audit.ts';
import { group, identity, inProd, microsoftGraph, prod, reader, assignment, roles, servicePrincipal, site, subscription } from './rows.ts';

const customerId = '99999999-9999-4999-8999-999999999999';
const target = inProd('/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stpay');
const { principalId, clientId } = identity('id-app').properties;
const at = (minutes: number): string => new Date(Date.parse(now) - minutes * 60_000).toISOString();

const refused = (minutes: number) => ({
  TimeGenerated: at(minutes),
  AccountName: 'stpay',
  _ResourceId: target,
  OperationName: 'GetBlob',
  AuthenticationType: 'OAuth',
  RequesterObjectId: principalId,
  RequesterAppId: clientId,
  RequesterTenantId: tenantId,
  StatusCode: '403',
  StatusText: 'AuthorizationPermissionMismatch',
  Uri: 'https://stpay.blob.core.windows.net/receipts/1.pdf',
  CorrelationId: `c-${minutes}`,
  CallerIpAddress: '10.0.0.5:4711',
});
const printed = (minutes: number) => ({
  TimeGenerated: at(minutes),
  _ResourceId: site('app').id,
  ResultDescription: `RestError ${minutes}: AuthorizationPermissionMismatch https://stpay.blob.core.windows.net/receipts`,
});
const every = (count: number) => Array.from({ length: count }, (_, n) => 30 + n / 4);

const files = {
  'arg/resourcecontainers': [subscription(prod, 'Production'), group('rg')],
  'arg/resources': [
    identity('id-app'),
    site('app', 'id-app'),
    {
      id: inProd('/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/logs'),
      name: 'logs',
      type: 'microsoft.operationalinsights/workspaces',
      tenantId,
      location: 'westeurope',
      resourceGroup: 'rg',
      subscriptionId: prod,
      properties: { customerId },
    },
  ],
  'arg/authorizationresources': [...roles, assignment('id-app', reader, inProd('/resourceGroups/rg'))],
  'graph/servicePrincipals': [microsoftGraph, servicePrincipal('id-app')],
  [`logs/${customerId}/StorageBlobLogs`]: every(40).map(refused),
  [`logs/${customerId}/AppServiceConsoleLogs`]: every(12).map(printed),
};

it('reads a workspace back once the role is there, and tells what both logs say as one incident', { timeout: 180_000 }, async () => {
  const store = await folder();
  const dir = await world(files, { denied: [`logs:${customerId}`] });
  const watch = async (at: string) => {
    const { out, err } = await miAudit(['watch', '--world', dir, '--store', store, '--now', at, '--format', 'json']);
    if (out === '') throw new Error(err);
    return JSON.parse(out) as WatchReport;
  };
  const blind = await watch(now);
  expect([blind.run.complete, blind.incidents]).toEqual([false, []]);
  expect(blind.coverage.find(({ slice }) => slice === 'denials')?.why).toContain('Nobody has seen yet what is logged there');

  await world(files, {}, dir);
  const seen = await watch('2026-11-20T08:05:00Z');
  expect(seen.run.from).toBe('2026-11-20T08:00:00.000Z');
  expect(seen.coverage.filter(({ state }) => state === 'whole').map(({ why }) => why)).toEqual([
    expect.stringMatching(/^The workspace logs can be read for the first time; this pass went back to 2026-11-18T08:05/),
  ]);
  expect(seen.incidents.map(({ service, principal, denials }) => [service, principal.name, denials])).toEqual([['storage', 'id-app', 40]]);
  expect(seen.incidents[0]?.causes[0]?.evidence.map(({ label }) => label)).toContain('application log');
});
