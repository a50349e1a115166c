import { z } from 'zod';

/** The claims that are looked at (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference). What else stands in a token is not read. */
export const claims = z.object({
  iss: z.string(),
  tid: z.string().min(1),
  ver: z.enum(['1.0', '2.0']),
  oid: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
  sub: z.string().min(1),
  /** Client of a version 2.0 token, and of a version 1.0 one. */
  azp: z.string().optional(),
  appid: z.string().optional(),
  /** Space-separated; present on tokens that act for a person. */
  scp: z.string().optional(),
  idtyp: z.string().optional(),
  roles: z.array(z.string()).optional(),
  groups: z.array(z.string()).optional(),
  /** Present when there are too many groups to list. */
  _claim_names: z.unknown().optional(),
  nonce: z.unknown().optional(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  upn: z.string().optional(),
  unique_name: z.string().optional(),
  app_displayname: z.string().optional(),
});

export type Claims = z.infer<typeof claims>;
