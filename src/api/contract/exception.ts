import { z } from 'zod';
import { pageOf } from './coverage.ts';
import { instant } from './plain.ts';

export const Exception = z.object({
  id: z.string(),
  findingId: z.string(),
  rule: z.string(),
  reason: z.string(),
  author: z.string(),
  createdAt: instant,
  until: instant,
  endedAt: instant.exactOptional(),
  active: z.boolean(),
});

export const ExceptionPage = pageOf(Exception);

const reason = z.string().trim().min(1, { error: 'is needed: somebody will ask for it when the acceptance ends' }).max(2_000);
const until = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: 'must be a date such as 2027-03-31 or an instant such as 2027-03-31T00:00:00Z',
  })
  .describe('Day or UTC instant at which the acceptance ends.');

export const AcceptRequest = z.strictObject({ reason, until });
export const AcceptManyRequest = z.strictObject({
  findingIds: z.array(z.string().min(1).max(300)).min(1).max(100).readonly(),
  reason,
  until,
});

export const AcceptManyResult = z.object({
  accepted: z.array(z.string()).readonly().describe('Ids of the findings that are accepted now.'),
  refused: z.array(z.object({ findingId: z.string(), because: z.string() })).readonly(),
});

export type Exception = z.infer<typeof Exception>;
export type ExceptionPage = z.infer<typeof ExceptionPage>;
export type AcceptRequest = z.infer<typeof AcceptRequest>;
export type AcceptManyRequest = z.infer<typeof AcceptManyRequest>;
export type AcceptManyResult = z.infer<typeof AcceptManyResult>;
