import { z } from 'zod';

/** RFC 9457. */
export const Problem = z.object({
  type: z.string().describe('urn:mi-audit:problem:NAME'),
  title: z.string(),
  status: z.number(),
  detail: z.string().describe('What happened, and what to do next.'),
  instance: z.string().describe('Path of the request.'),
  errors: z
    .array(z.object({ at: z.string(), text: z.string() }))
    .readonly()
    .exactOptional()
    .describe('What is wrong, each with the parameter or field it is about.'),
});

export type Problem = z.infer<typeof Problem>;
