import { z } from 'zod';

export const SubscriptionList = z.object({
  items: z
    .array(z.object({ id: z.string().describe('Lower-case GUID.'), name: z.string() }))
    .readonly()
    .describe('Those whose name an audit has seen and the caller may see, by name.'),
});

export type SubscriptionList = z.infer<typeof SubscriptionList>;
