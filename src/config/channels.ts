import { z } from 'zod';
import { causes } from '../incidents/index.ts';
import { purposes, type Channel, type ChannelFilter, type Purpose } from '../outbox/index.ts';
import { rules, severities } from '../rules/index.ts';
import { isHttps, isTimeZone, mailAddress } from './field.ts';
import type { Problem } from './settings.ts';

/** What of the settings says where people are told. */
export interface ChannelTexts {
  readonly CHANNELS?: string | undefined;
  readonly TEAMS_WEBHOOK_URL?: string | undefined;
  readonly EMAIL_TO?: string | undefined;
}

export interface ChannelsRead {
  readonly channels: readonly Channel[];
  /** Secret. By name of channel. */
  readonly webhooks: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

/**
 * The simple case (one webhook, one list of addresses) or the full one (CHANNELS). A webhook's URL is a secret, so CHANNELS names the setting that
 * holds it. No problem repeats what it found: an admin may have put the secret where it does not belong.
 */
export function readChannels(texts: ChannelTexts, given: Readonly<Record<string, string | undefined>>): ChannelsRead {
  return texts.CHANNELS === undefined ? simpleChannels(texts) : listedChannels(texts.CHANNELS, texts, given);
}

function simpleChannels({ TEAMS_WEBHOOK_URL: webhook, EMAIL_TO: to }: ChannelTexts): ChannelsRead {
  const addresses = to === undefined ? [] : listOf(to);
  const channels: Channel[] = [];
  if (webhook !== undefined) channels.push({ ...plainChannel('teams', 'teams'), recipients: [] });
  if (addresses.length > 0) channels.push({ ...plainChannel('email', 'email'), recipients: addresses });
  return {
    channels,
    webhooks: webhook === undefined ? {} : { teams: webhook },
    problems: [
      ...(webhook === undefined ? [] : webhookProblems('TEAMS_WEBHOOK_URL', webhook)),
      ...addresses
        .filter((address) => !mailAddress.safeParse(address).success)
        .map((address) => ({ setting: 'EMAIL_TO', text: `must be mail addresses, not ${JSON.stringify(address.slice(0, 80))}` })),
    ],
  };
}

const plainChannel = (name: string, kind: Channel['kind']): Omit<Channel, 'recipients'> => ({
  name,
  kind,
  purposes: usualPurposes[kind],
  filter: {},
  messagesPerHourMax: usualMessagesPerHour,
});

/** The review goes by mail: its attachments do not fit on a card. */
const usualPurposes: Readonly<Record<Channel['kind'], readonly Purpose[]>> = { teams: ['alerts', 'digest'], email: purposes };
const usualMessagesPerHour = 20;

const channelsMax = 50;
const topics: ReadonlySet<string> = new Set([...rules, ...causes].map(({ id }) => id));
const listed = <Item extends z.ZodType>(item: Item) =>
  z.array(item, { error: 'must be a list' }).max(200, { error: 'has more than 200 entries' });
const word = z
  .string({ error: 'must be a text' })
  .trim()
  .min(1, { error: 'is empty' })
  .max(256, { error: 'is longer than 256 characters' });
const severity = z.enum(severities, { error: `must be one of ${severities.join(', ')}` });
const timeOfDay = z.string({ error: 'must be a time of day such as 22:00' }).regex(/^([01]\d|2[0-3]):[0-5]\d$/, {
  error: 'must be a time of day such as 22:00',
});

const filterGiven = z.strictObject(
  {
    severity: severity.optional(),
    topics: listed(word.refine((id) => topics.has(id), { error: 'names no rule and no cause' })).optional(),
    subscriptions: listed(
      word.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, { error: 'must be the id of a subscription, a GUID' }).toLowerCase(),
    ).optional(),
    resourceGroups: listed(word).optional(),
    tags: listed(word).optional(),
  },
  { error: unknownKeys('severity, topics, subscriptions, resourceGroups, tags') },
);

const quietGiven = z
  .strictObject(
    {
      from: timeOfDay,
      to: timeOfDay,
      timeZone: word.refine(isTimeZone, { error: 'must be an IANA time zone such as Europe/Berlin' }),
      exceptSeverity: severity.default('critical'),
    },
    { error: unknownKeys('from, to, timeZone, exceptSeverity') },
  )
  .refine(({ from, to }) => from !== to, { error: 'begin and end at the same time' });

const channelGiven = z
  .strictObject(
    {
      name: z
        .string({ error: 'must be a text' })
        .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: 'must be 1 to 40 lower-case letters, digits and hyphens' }),
      teams: z
        .strictObject(
          {
            webhook: z.string({ error: 'must name the setting that holds the URL' }).regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, {
              error: 'must name the setting that holds the URL, such as TEAMS_URL_ON_CALL: the URL is a secret and does not belong here',
            }),
          },
          { error: unknownKeys('webhook') },
        )
        .optional(),
      email: z
        .strictObject(
          {
            to: z
              .array(mailAddress, { error: 'must be a list of mail addresses' })
              .min(1, { error: 'names nobody' })
              // https://learn.microsoft.com/azure/communication-services/concepts/service-limits#email
              .max(50, { error: 'names more than 50 addresses: make a distribution list' }),
          },
          { error: unknownKeys('to') },
        )
        .optional(),
      purposes: z
        .array(z.enum(purposes, { error: `must be one of ${purposes.join(', ')}` }), { error: 'must be a list' })
        .min(1, { error: 'is empty: the channel would get nothing' })
        .optional(),
      filter: filterGiven.optional(),
      quietHours: quietGiven.optional(),
      messagesPerHourMax: z
        .int({ error: 'must be a whole number from 1 to 1000' })
        .min(1, { error: 'must be a whole number from 1 to 1000' })
        .max(1_000, { error: 'must be a whole number from 1 to 1000' })
        .default(usualMessagesPerHour),
    },
    { error: unknownKeys('name, teams, email, purposes, filter, quietHours, messagesPerHourMax') },
  )
  .refine(({ teams, email }) => (teams === undefined) !== (email === undefined), { error: 'must have either teams or email' });

type ChannelGiven = z.infer<typeof channelGiven>;

const channelList = z
  .array(channelGiven, { error: 'must be a list of channels: [{"name": …}]' })
  .max(channelsMax, { error: `has more than ${channelsMax} channels` });

function listedChannels(text: string, texts: ChannelTexts, given: Readonly<Record<string, string | undefined>>): ChannelsRead {
  const parsed = channelList.safeParse(jsonOf(text));
  if (!parsed.success)
    return { channels: [], webhooks: {}, problems: parsed.error.issues.map(({ path, message }) => problem(path, message)) };
  const problems: Problem[] = [];
  const webhooks: Record<string, string> = {};
  for (const [at, { name, teams }] of parsed.data.entries()) {
    if (parsed.data.findIndex((other) => other.name === name) < at) problems.push(problem([at, 'name'], 'stands twice'));
    if (teams === undefined) continue;
    const url = given[teams.webhook]?.trim() ?? '';
    problems.push(...webhookProblems('CHANNELS', url, `${placeOf([at, 'teams', 'webhook'])} names ${teams.webhook}, which `));
    webhooks[name] = url;
  }
  if (texts.EMAIL_TO !== undefined) problems.push({ setting: 'EMAIL_TO', text: 'has no effect beside CHANNELS: name the addresses there' });
  if (texts.TEAMS_WEBHOOK_URL !== undefined && !parsed.data.some(({ teams }) => teams?.webhook === 'TEAMS_WEBHOOK_URL'))
    problems.push({ setting: 'TEAMS_WEBHOOK_URL', text: 'has no effect: no channel of CHANNELS names it' });
  return { channels: parsed.data.map(channelOf), webhooks, problems };
}

function channelOf({ name, teams, email, purposes: chosen, filter, quietHours, messagesPerHourMax }: ChannelGiven): Channel {
  const kind = teams === undefined ? 'email' : 'teams';
  return {
    name,
    kind,
    recipients: email?.to ?? [],
    purposes: chosen ?? usualPurposes[kind],
    filter: filterOf(filter ?? {}),
    ...(quietHours !== undefined && { quietHours }),
    messagesPerHourMax,
  };
}

const filterOf = ({ severity: least, topics: ids, subscriptions, resourceGroups, tags }: z.infer<typeof filterGiven>): ChannelFilter => ({
  ...(least !== undefined && { severity: least }),
  ...(ids !== undefined && { topics: ids }),
  ...(subscriptions !== undefined && { subscriptions }),
  ...(resourceGroups !== undefined && { resourceGroups }),
  ...(tags !== undefined && { tags }),
});

/** A reference that the platform could not resolve stands in the variable as it was written. */
function webhookProblems(setting: string, url: string, before = ''): readonly Problem[] {
  if (url === '') return [{ setting, text: `${before}is not set` }];
  if (url.startsWith('@Microsoft.KeyVault('))
    return [
      { setting, text: `${before}is a Key Vault reference that was not resolved: give the app's identity Key Vault Secrets User there` },
    ];
  return isHttps(url) ? [] : [{ setting, text: `${before}must be an https URL` }];
}

/** The parser's own words would repeat a piece of the text. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const problem = (path: readonly PropertyKey[], message: string): Problem => ({
  setting: 'CHANNELS',
  text: path.length === 0 ? message : `${placeOf(path)} ${message}`,
});

/** `[0].filter.severity` */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${String(step)}`)).join('');

function unknownKeys(known: string) {
  return ({ code }: { readonly code?: string }): string =>
    code === 'unrecognized_keys' ? `has a name that nothing reads; it may have ${known}` : 'must be an object';
}

const listOf = (given: string): readonly string[] =>
  given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
