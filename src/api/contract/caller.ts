import { z } from 'zod';
import { instant } from './plain.ts';

export const roles = ['Findings.Read', 'Findings.Manage', 'Audit.Run'] as const;
export const Role = z.enum(roles).describe('App role. Findings.Manage includes Findings.Read.');

/** What the page needs to sign somebody in. */
export const Config = z.object({
  configured: z.boolean().describe('False: sign-in is not set up, and every other answer says which settings are missing.'),
  tenantId: z.string(),
  clientId: z.string(),
  authority: z.string().describe('Such as https://login.microsoftonline.com/TENANT.'),
  scopes: z.array(z.string()).readonly(),
  version: z.string(),
});

export const Health = z.object({
  status: z.enum(['ok', 'degraded']),
  lastCompleteAuditAt: instant.nullable().exactOptional().describe('Only for callers that are signed in; null: none yet.'),
  lastCompleteAuditAgeHours: z.number().nullable().exactOptional(),
  because: z.string().exactOptional(),
});

export const Me = z.object({
  name: z.string(),
  objectId: z.string(),
  kind: z.enum(['person', 'application']),
  roles: z.array(Role).readonly(),
  restrictedTo: z.array(z.string()).readonly().exactOptional().describe('Subscriptions that the caller may see; absent: all.'),
});

export type Role = z.infer<typeof Role>;
export type Config = z.infer<typeof Config>;
export type Health = z.infer<typeof Health>;
export type Me = z.infer<typeof Me>;
