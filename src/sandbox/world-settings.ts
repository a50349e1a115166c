import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseDenied } from './denied.ts';
import { faultMatchProblem } from './faults.ts';

const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'must be an instant such as 2026-11-20T08:00:00Z');
const guid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be a GUID');

const fault = z
  .strictObject({
    match: z.string().superRefine((text, context) => {
      const problem = faultMatchProblem(text);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    }),
    status: z.int().min(200).max(599).optional(),
    code: z.string().optional(),
    message: z.string().optional(),
    retryAfterSeconds: z.number().min(0).optional(),
    times: z.int().min(0).optional(),
    after: z.int().min(0).optional(),
    delayMs: z.number().min(0).max(600_000).optional(),
    dropConnection: z.boolean().optional(),
    afterwards: z.boolean().optional(),
  })
  .refine((given) => given.afterwards !== true || given.dropConnection === true || given.status !== undefined, {
    message: 'afterwards needs a status or dropConnection: otherwise nothing happens',
  });

/** `world.json`. Only `format` and `now` must be there; unknown keys are left alone, so that a world can carry notes. */
const schema = z.object({
  format: z.literal(1, 'must be 1: this sandbox reads no other format'),
  name: z.string().optional(),
  now: instant,
  tenantId: guid.optional(),
  auditor: z
    .object({ principalId: guid.optional(), clientId: guid.optional(), resourceId: z.string().startsWith('/').optional() })
    .optional(),
  denied: z
    .array(
      z.string().superRefine((text, context) => {
        const parsed = parseDenied(text);
        if (parsed === undefined)
          context.addIssue({
            code: 'custom',
            message:
              'must be graph, graph:<set>, permission:<Graph permission>, arm:<scope>, read:<action>, logs, logs:<customerId> or activity:<subscriptionId>',
          });
      }),
    )
    .optional(),
  quota: z
    .object({
      resourceGraph: z.object({ queries: z.int().min(1), windowSeconds: z.number().positive() }).optional(),
      teams: z.object({ posts: z.int().min(1), windowSeconds: z.number().positive() }).optional(),
    })
    .optional(),
  faults: z.array(fault).optional(),
});

export type WorldSettings = z.infer<typeof schema>;

/** A folder that is no world, with everything that is wrong with it. */
export class NotAWorld extends Error {
  override readonly name = 'NotAWorld';

  constructor(dir: string, problems: readonly string[], cause?: unknown) {
    super(
      `${dir} cannot be served as a world:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
      cause === undefined ? {} : { cause },
    );
  }
}

export function readWorldSettings(dir: string): WorldSettings {
  const file = join(dir, 'world.json');
  if (!existsSync(file))
    throw new NotAWorld(dir, ['world.json is missing; it needs at least {"format": 1, "now": "2026-11-20T08:00:00Z"}']);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new NotAWorld(dir, [`world.json: not valid JSON (${cause instanceof Error ? cause.message : String(cause)})`], cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new NotAWorld(
    dir,
    parsed.error.issues.map((issue) => `world.json, ${issue.path.length === 0 ? 'at the top' : issue.path.join('.')}: ${issue.message}`),
  );
}
