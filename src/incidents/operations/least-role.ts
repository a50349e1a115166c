import { builtInRole, compile } from '../../access/index.ts';
import { roleId } from '../../estate/index.ts';
import type { Service } from '../../denials/index.ts';
import { leastManagers } from './least-manager.ts';
import type { RequiredAction } from './required-action.ts';

/** Built-in roles to propose, from the least to the most powerful. Never Owner or Contributor: a refused call is no reason for those. */
const ladders: Readonly<Partial<Record<Service, readonly string[]>>> = {
  'key-vault': [
    '4633458b-17de-408a-b874-0445c86b69e6', // Key Vault Secrets User
    'e147488a-f6f5-4113-8e2d-b22465e65bf6', // Key Vault Crypto Service Encryption User
    '12338af0-0e69-4776-bea7-57ae8d297424', // Key Vault Crypto User
    'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba', // Key Vault Certificate User
    'b86a8fe4-44ce-4948-aee5-eccb2c155cd7', // Key Vault Secrets Officer
    '14b46e9e-c2b7-41b4-b07b-48a6ebf60603', // Key Vault Crypto Officer
    'a4417e6f-fecd-4de8-b567-7b0420556985', // Key Vault Certificates Officer
    '00482a5a-887f-4fb3-b363-3b7fe8e74483', // Key Vault Administrator
  ],
  storage: [
    'db58b8e5-c6ad-4a2a-8342-4190687cbf4a', // Storage Blob Delegator
    '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', // Storage Blob Data Reader
    'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a', // Storage Queue Data Message Sender
    '19e7f393-937e-4f77-808e-94535e297925', // Storage Queue Data Reader
    '8a0f0c08-91a1-4084-bc3d-661d67233fed', // Storage Queue Data Message Processor
    '76199698-9eea-4c19-bc75-cec21354c6b6', // Storage Table Data Reader
    'b8eda974-7b85-4f76-af95-65846b26df6d', // Storage File Data Privileged Reader
    'ba92f5b4-2d11-453d-a403-e96b0029c9fe', // Storage Blob Data Contributor
    '974c5e8b-45b9-4653-ba55-5f855dd0fb88', // Storage Queue Data Contributor
    '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', // Storage Table Data Contributor
    '69566ab7-960f-475b-8e7c-b3118f30c6bd', // Storage File Data Privileged Contributor
    'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', // Storage Blob Data Owner
    '17d1049b-9a84-46fb-8f53-869881c3d3ab', // Storage Account Contributor
  ],
  'service-bus': [
    '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39', // Azure Service Bus Data Sender
    '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0', // Azure Service Bus Data Receiver
    '090c5cfd-751d-490a-894a-3ce6f1109419', // Azure Service Bus Data Owner
  ],
  'event-hubs': [
    '2b629674-e913-4c01-ae53-ef4638d8f975', // Azure Event Hubs Data Sender
    'a638d3c7-ab3a-418d-83e6-5f17a39d4fde', // Azure Event Hubs Data Receiver
    'f526a384-b230-433a-b45c-95f59c4a2dec', // Azure Event Hubs Data Owner
  ],
  'container-registry': [
    '7f951dda-4ed3-4680-a7ca-43fe172d538d', // AcrPull
    '8311e382-0749-4cb8-b61a-304f252e45ec', // AcrPush
    'c2f4ef07-c644-48eb-af81-4b1b4947fb11', // AcrDelete
  ],
};

export interface ProposedRole {
  readonly id: string;
  readonly name: string;
}

/**
 * The fewest, least powerful built-in roles that allow every action: one role where one suffices, else the least one for each action.
 * Empty when no role of the ladder allows some action (a custom role is then the honest answer).
 */
export function leastRoles(service: Service, actions: readonly RequiredAction[]): readonly ProposedRole[] {
  const ladder = (ladders[service] ?? []).map((id) => builtInRole(roleId(id))).filter((role) => role !== undefined);
  const compiled = ladder.map((role) => ({ role, blocks: role.blocks.map(compile) }));
  const allows = (at: number, { action, data }: RequiredAction): boolean =>
    compiled[at]!.blocks.some((block) => block.allows(action.toLowerCase(), data));
  if (actions.length === 0) return [];
  if (service === 'arm') return leastManagers(actions);
  const single = compiled.findIndex((_, at) => actions.every((action) => allows(at, action)));
  const picks = [...new Set(actions.map((action) => compiled.findIndex((_, at) => allows(at, action))))];
  if (picks.includes(-1)) return [];
  // Two narrow roles are less than one that owns the data: sender and receiver, not data owner.
  const alone = single >= 0 ? compiled[single]!.role : undefined;
  if (alone !== undefined && !(picks.length > 1 && /owner|administrator/i.test(alone.name))) return [proposed(alone)];
  return picks.map((at) => proposed(compiled[at]!.role));
}

const proposed = (role: { readonly id: string; readonly name: string }): ProposedRole => ({ id: role.id, name: role.name });
