import { z } from 'zod';
import type { Holding, IdentitySheet } from '../inventory/index.ts';
import { severities } from '../rules/index.ts';
import { rowKind } from './row-kind.ts';

const text = z.string();

const holding = z.object({
  id: text,
  plane: z.enum(['control', 'data', 'both', 'none']),
  role: z.object({ id: text, name: text }),
  scope: text,
  scopeLevel: z.enum(['tenant', 'management-group', 'subscription', 'resource-group', 'resource']),
  through: z.exactOptional(text),
  throughName: z.exactOptional(text),
  conditional: z.boolean(),
  grantedAt: text,
  grantedBy: text,
  grantedByName: z.exactOptional(text),
  severity: z.exactOptional(z.enum(severities)),
  question: z.exactOptional(text),
  reach: z.exactOptional(z.number()),
}) satisfies z.ZodType<Holding>;

const sheet = z.object({
  principalId: text,
  clientId: text,
  kind: z.enum(['system-assigned', 'user-assigned']),
  name: text,
  resourceId: text,
  tags: z.record(text, text),
  hosts: z.array(z.object({ id: text, kind: text })),
  federatedCredentials: z.array(z.object({ name: text, issuer: text, subject: text })),
  holdings: z.array(holding),
  actors: z.array(z.object({ principalId: text, name: text, kind: text, way: text, role: text, scope: text })),
  seenAt: text,
  more: z.exactOptional(
    z.object({ hosts: z.exactOptional(z.number()), holdings: z.exactOptional(z.number()), actors: z.exactOptional(z.number()) }),
  ),
}) satisfies z.ZodType<IdentitySheet>;

/** What is kept of one identity. Its `seenAt` is empty here: it stands next to the list of all. */
export const sheetKind = rowKind<IdentitySheet>({ name: 'sheet of an identity', version: 1, schema: sheet, migrations: {} });
