import { z } from 'zod';
import { Coverage } from './coverage.ts';

const armId = z
  .string()
  .max(2_048)
  .regex(/^\/(subscriptions|providers)\/.|^\/$/i, { error: 'must be an ARM id such as /subscriptions/…' })
  .refine((id) => id === '/' || !/\/\.{0,2}(\/|$)/.test(id), { error: 'must be an ARM id written out, without empty parts or dots' });

export const AccessRequest = z.strictObject({
  principal: z.string().trim().min(1).max(2_048).describe('Object id, client id, ARM id, or name.'),
  action: z
    .string()
    .max(512)
    .regex(/^[^\s/*]+\/[^*]*[^/*]$/, { error: 'must be one operation such as Microsoft.Storage/storageAccounts/read, not a pattern' }),
  on: armId.describe('ARM id of the target.'),
  plane: z.enum(['auto', 'control', 'data']).exactOptional(),
});

/** One way by which the principal holds the permission, or one grant that nearly gives it. */
const Way = z.object({
  kind: z.string(),
  text: z.string().describe('In a sentence.'),
  role: z.string().exactOptional(),
  scope: z.string().exactOptional(),
  assignmentId: z.string().exactOptional(),
  groups: z.array(z.string()).readonly().exactOptional(),
  condition: z.string().exactOptional(),
});

export const AccessAnswer = z.object({
  principal: z.object({ id: z.string(), name: z.string(), kind: z.string(), resourceId: z.string() }),
  action: z.string(),
  plane: z.enum(['control', 'data']),
  on: z.string(),
  verdict: z
    .enum(['allowed', 'conditioned', 'denied', 'no-path', 'unknown'])
    .describe('`unknown`: something that decides it could not be seen. Never read it as a no.'),
  paths: z.array(Way).readonly(),
  denies: z.array(z.object({ id: z.string(), name: z.string(), scope: z.string() })).readonly(),
  nearMisses: z.array(Way).readonly(),
  because: z.array(z.string()).readonly(),
  coverage: Coverage,
});

export type AccessRequest = z.infer<typeof AccessRequest>;
export type AccessAnswer = z.infer<typeof AccessAnswer>;
