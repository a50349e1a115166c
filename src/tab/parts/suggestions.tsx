import { useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import type { IdentityPage } from '../../api/contract/index.ts';
import { mayDo, useAccess } from '../api/use-api.ts';
import { addressOf } from '../route.ts';
import { useSubscriptionNames } from './place.tsx';

/**
 * What can be typed, offered by the browser's own list: nothing has to be chosen from it, and every screen reader knows it.
 */
export const Suggestions = ({ id, of }: { readonly id: string; readonly of: readonly Suggestion[] }) => (
  <datalist id={id}>
    {of.map(({ value, label }) => (
      <option key={value} value={value} label={label} />
    ))}
  </datalist>
);

export interface Suggestion {
  readonly value: string;
  readonly label: string;
}

const typedMin = 2;

/** Identities whose name begins like this. */
export function useIdentitySuggestions(typed: string): readonly Suggestion[] {
  const { api, me } = useAccess();
  const search = useDeferredValue(typed.trim());
  const { data } = useQuery({
    queryKey: ['suggested identities', search],
    queryFn: ({ signal }) => api.get<IdentityPage>(addressOf('/api/identities', { search, limit: '10' }), signal),
    enabled: search.length >= typedMin && mayDo(me, 'Findings.Read'),
  });
  return data?.items.map(({ principalId, name, kind }) => ({ value: principalId, label: `${name}, ${kind}` })) ?? [];
}

/** Subscriptions by name: the rest of an id is typed after them. */
export function useScopeSuggestions(): readonly Suggestion[] {
  return [...useSubscriptionNames()].map(([id, name]) => ({ value: `/subscriptions/${id}`, label: `subscription ${name}` }));
}

/** What workloads are refused most often. Any operation of Azure can be typed instead. */
export const operations: readonly Suggestion[] = [
  { value: 'Microsoft.KeyVault/vaults/secrets/getSecret/action', label: 'read a secret' },
  { value: 'Microsoft.KeyVault/vaults/keys/wrap/action', label: 'wrap with a key' },
  { value: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read', label: 'read a blob' },
  { value: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write', label: 'write a blob' },
  { value: 'Microsoft.Storage/storageAccounts/queueServices/queues/messages/process/action', label: 'take a message off a storage queue' },
  { value: 'Microsoft.ServiceBus/namespaces/messages/send/action', label: 'send to Service Bus' },
  { value: 'Microsoft.ServiceBus/namespaces/messages/receive/action', label: 'receive from Service Bus' },
  { value: 'Microsoft.EventHub/namespaces/messages/send/action', label: 'send to an event hub' },
  { value: 'Microsoft.ContainerRegistry/registries/pull/read', label: 'pull an image' },
  { value: 'Microsoft.Authorization/roleAssignments/write', label: 'give somebody a role' },
  { value: 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action', label: 'attach an identity' },
];
