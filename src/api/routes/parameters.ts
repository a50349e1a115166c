import { z } from 'zod';
import { severities } from '../../rules/index.ts';

/** Query parameters that several lists take. */
export const paging = {
  limit: z.coerce
    .number({ error: 'must be a whole number from 1 to 200' })
    .int({ error: 'must be a whole number from 1 to 200' })
    .min(1, { error: 'must be a whole number from 1 to 200' })
    .max(200, { error: 'must be a whole number from 1 to 200' })
    .default(50),
  cursor: z.string().max(2_048).exactOptional().describe('From the page before.'),
};

export const severityList = z
  .array(z.enum(severities, { error: `must be of ${severities.join(', ')}` }))
  .max(severities.length * 2)
  .exactOptional();

export const words = (about: string) => z.array(z.string().max(512)).max(50).exactOptional().describe(about);

export const armId = z
  .string()
  .max(2_048)
  .regex(/^\/(subscriptions|providers)\/.|^\/$/i, { error: 'must be an ARM id such as /subscriptions/…' });

export const instantText = z
  .string()
  .refine(
    (text) => /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text) && !Number.isNaN(Date.parse(text)),
    {
      error: 'must be a day such as 2026-11-20 or an instant such as 2026-11-20T08:00:00Z',
    },
  );

/** Free text to look for. */
export const search = z.string().trim().min(1).max(200);

export const guid = z.string().regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, { error: 'must be a GUID' });
