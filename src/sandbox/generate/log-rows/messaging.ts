import type { Row } from '../world-folder.ts';
import { arrived, nameIn, resourceColumn, type Caller } from './log-row.ts';

/** Runtime audit logs of Service Bus and Event Hubs: aggregates of a minute, premium tiers only. The caller is an application id and nothing else. */
export interface MessagingCall {
  readonly namespace: { readonly id: string };
  readonly at: string;
  readonly caller: Caller;
  readonly activity: string;
  readonly status: 'Success' | 'Failure';
  readonly count: number;
  /** Documents say both `AAD` and `Azure Active Directory`. */
  readonly authType?: string;
  readonly entity?: string;
}

export const runtimeAuditRow = (call: MessagingCall): Row =>
  arrived(
    call.at,
    {
      Type: 'AZMSRunTimeAuditLogs',
      ActivityId: `${nameIn(call.namespace.id)}-${call.at}`,
      ActivityName: call.activity,
      Status: call.status,
      Protocol: 'AMQP',
      AuthType: call.authType ?? 'AAD',
      AuthKey: call.caller.clientId,
      NetworkType: 'Public',
      ClientIp: '20.50.2.14',
      Count: call.count,
      Properties: { EntityName: call.entity ?? '', ...(call.status === 'Failure' ? { ErrorMessage: 'Unauthorized access.' } : {}) },
      Provider: /eventhub/i.test(call.namespace.id) ? 'EVENTHUB' : 'SERVICEBUS',
      ...resourceColumn(call.namespace.id),
    },
    3,
  );
