import { z } from 'zod';

/** The kinds of value that settings take. Each says in words what is wrong, since an admin reads it in a deployment log. */
export const text = z.string().trim().min(1);

export const guid = z
  .string()
  .trim()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { error: ({ input }) => `must be a GUID, not ${quoted(input)}` });

export const httpsUrl = z
  .string()
  .trim()
  .refine((given) => isHttps(given), { error: ({ input }) => `must be an https URL, not ${quoted(input)}` })
  .transform((given) => given.replace(/\/+$/, ''));

export const resourceId = z
  .string()
  .trim()
  .regex(/^\/(subscriptions|providers)\/|^\/$/i, {
    error: ({ input }) => `must be an ARM id such as /subscriptions/…, not ${quoted(input)}`,
  });

export const instant = z
  .string()
  .trim()
  .refine((given) => isInstant(given), { error: ({ input }) => `must be an instant such as 2026-11-20T08:00:00Z, not ${quoted(input)}` })
  .transform((given) => new Date(Date.parse(given)).toISOString());

/** Six fields; Azure Functions refuses five-field cron, and reports it only in its own log. */
export const scheduleText = z
  .string()
  .trim()
  .regex(/^[\d*/,\-A-Za-z]+( +[\d*/,\-A-Za-z]+){5}$/, {
    error: ({ input }) => `must have six NCRONTAB fields (second minute hour day month weekday), not ${quoted(input)}`,
  });

export function whole(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .trim()
    .regex(/^\d+$/, { error })
    .transform(Number)
    .refine((given) => given >= least && given <= most, { error });
}

/** Comma-separated; absent is the empty list. */
export function arrayOf<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .string()
    .transform((given) =>
      given
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item))
    .default([]);
}

/** Holds a secret: what is wrong with it is said without a word of it. */
export const secretText = (pattern: RegExp, shape: string) =>
  z
    .string()
    .trim()
    .regex(pattern, { error: `must look like ${shape}` })
    .refine((given) => URL.canParse(given), { error: `must look like ${shape}` });

/** One address without a name, in plain ASCII: it becomes part of headers. */
export const mailAddress = z
  .string({ error: 'must be a mail address' })
  .trim()
  .regex(/^[^\s@<>,;:"()[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}$/, { error: 'must be a mail address such as on-call@example.com' })
  .regex(/^[!-~]*$/, { error: 'must be a mail address such as on-call@example.com' });

export function isTimeZone(given: string): boolean {
  try {
    // Offsets such as +01:00 are taken too, and would be wrong for half of the year.
    return /^[A-Za-z]/.test(given) && new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** An https address, or plain http on this very machine. */
export const authorityUrl = z
  .string()
  .trim()
  .refine((given) => isHttps(given) || /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\/?$/.test(given), {
    error: ({ input }) => `must be an https URL, not ${quoted(input)}`,
  })
  .transform((given) => given.replace(/\/+$/, ''));

export const origin = z
  .string()
  .trim()
  .refine((given) => URL.canParse(given) && /^https?:$/.test(new URL(given).protocol) && new URL(given).origin === given, {
    error: ({ input }) => `must be an origin such as https://portal.example.com, without path or slash, not ${quoted(input)}`,
  });

const byGroup = z.record(z.string().min(1), z.array(z.union([z.literal('*'), z.guid()])));

/** Group, app role or object id → subscriptions. */
export const subscriptionsByGroup = z.string().transform((given, context) => {
  const parsed = byGroup.safeParse(parsedJson(given));
  if (parsed.success) return parsed.data;
  context.addIssue({
    code: 'custom',
    message: 'must be a JSON object from group ids, app roles or object ids to lists of subscription ids (or "*")',
  });
  return z.NEVER;
});

function parsedJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

export function isHttps(given: string): boolean {
  return URL.canParse(given) && new URL(given).protocol === 'https:';
}

/** An instant has a zone: a local time would mean something else on every machine. */
function isInstant(given: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(given) && !Number.isNaN(Date.parse(given));
}

const quoted = (given: unknown): string => JSON.stringify(String(given).slice(0, 80));
