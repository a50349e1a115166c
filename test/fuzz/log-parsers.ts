import * as fc from 'fast-check';
import { expect } from 'vitest';
import { eventOfApi, eventOfTable } from '../../src/azure/logs/activity-event.ts';
import { armDenials } from '../../src/azure/logs/arm-denials.ts';
import { changesOf } from '../../src/azure/logs/changes.ts';
import { denialOf } from '../../src/azure/logs/denial-row.ts';
import { signInSeries } from '../../src/azure/logs/sign-ins.ts';
import { anything, damaged } from './foreign.ts';
import { always, now, guid, identity, type Fuzzed } from './fuzzed.ts';

const activityEvent = {
  eventDataId: 'e',
  eventTimestamp: now,
  submissionTimestamp: now,
  operationName: { value: 'Microsoft.Authorization/roleAssignments/write' },
  status: { value: 'Succeeded' },
  correlationId: guid,
  resourceId: `${identity}/providers/Microsoft.Authorization/roleAssignments/${guid}`,
  caller: guid,
  httpRequest: { clientIpAddress: '10.0.0.1' },
  claims: { 'http://schemas.microsoft.com/identity/claims/objectidentifier': guid },
  authorization: { action: 'Microsoft.Authorization/roleAssignments/write', scope: identity },
  properties: {
    requestbody: `{"properties":{"principalId":"${guid}","roleDefinitionId":"${guid}"}}`,
    statusMessage: '{"error":{"code":"AuthorizationFailed","message":"The client \'x\' does not have authorization"}}',
  },
};
const tableRow = {
  EventDataId: 'e',
  TimeGenerated: now,
  OperationNameValue: 'MICROSOFT.KEYVAULT/VAULTS/WRITE',
  ActivityStatusValue: 'Failure',
  CorrelationId: guid,
  ResourceId: identity,
  Caller: guid,
  CallerIpAddress: '10.0.0.1',
  Claims: '{"appid":"x"}',
  Authorization: '{"action":"a","scope":"/"}',
  Properties: '{"statusMessage":"{}"}',
};
const denialRow = {
  service: 'key-vault',
  source: 'AZKVAuditLogs',
  objectId: guid,
  clientId: guid,
  resourceId: identity,
  tokenId: '',
  callerName: 'app',
  callerKind: 'managed-identity',
  tenantId: guid,
  target: '/subscriptions/x/vaults/kv',
  object: '',
  operation: 'SecretGet',
  statusCode: 403,
  reason: 'ForbiddenByRbac',
  example: 'x',
  action: '',
  assignmentId: '',
  denyAssignmentId: '',
  addresses: ['10.0.0.1'],
  hosts: [],
  bins: [{ start: now, count: 1 }],
  firstAt: now,
  lastAt: now,
  rows: 1,
};

/** Rows and events in which others choose the words. */
export const logParsers: readonly Fuzzed[] = [
  {
    input: 'events of the Activity Log',
    files: ['azure/logs/activity-event.ts', 'azure/logs/arm-denials.ts', 'azure/logs/changes.ts'],
    fuzz: () =>
      always(fc.oneof(damaged(activityEvent), damaged(tableRow), anything), (given) => {
        for (const event of [eventOfApi(given), eventOfTable(given)]) {
          if (event === undefined) continue;
          expect(event.operation).toBe(event.operation.toLowerCase());
          changesOf([event]);
          armDenials([event], 'w');
        }
      }),
  },
  {
    input: 'rows of refused calls and of sign-ins',
    files: ['azure/logs/denial-row.ts', 'azure/logs/sign-ins.ts'],
    fuzz: () =>
      always(fc.oneof(damaged(denialRow), damaged({ ...denialRow, service: 'app', operation: 'dotnet' }), anything), (given) => {
        const read = denialOf(given, 'w');
        if (read !== undefined) expect(JSON.stringify(read).length).toBeLessThan(200_000);
        const { series, odd } = signInSeries([given]);
        expect(series.length + odd).toBe(1);
      }),
  },
];
