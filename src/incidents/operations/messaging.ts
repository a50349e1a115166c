import type { ActionTable } from './action-table.ts';

/**
 * Service Bus and Event Hubs. Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-managed-service-identity and the
 * built-in roles of 2026-08-22. ConnectionOpen and Authorization name no action: the queue's other operations tell.
 */
export const serviceBus: ActionTable = [
  { action: 'Microsoft.ServiceBus/namespaces/messages/send/action', plane: 'data', operations: ['SendMessage', 'Send Message'] },
  { action: 'Microsoft.ServiceBus/namespaces/messages/receive/action', plane: 'data', operations: ['ReceiveMessage', 'PeekLockMessage'] },
];

export const eventHubs: ActionTable = [
  { action: 'Microsoft.EventHub/namespaces/messages/send/action', plane: 'data', operations: ['SendMessage'] },
  { action: 'Microsoft.EventHub/namespaces/messages/receive/action', plane: 'data', operations: ['ReceiveMessage'] },
];
