import { binMinutes, type Attribution, type Burst, type CallingHost, type Denial, type Service } from '../denials/index.ts';
import type { CauseEvidence } from './cause.ts';
import type { DiagnosedCause } from './incident.ts';
import { idOf } from './target.ts';

/** An application's burst and a service's that may be one trouble, for all that the logs say. */
export interface Alike {
  readonly told: Burst;
  readonly refused: Burst;
}

/**
 * One trouble may be told twice: by the service that refuses, and by the application that is refused. They are one where the same identity was refused the
 * same thing by the same target at the same time; whatever differs in one of these stays two. This is what can be known without the estate: all but who
 * runs as what.
 */
export function alikeIn(bursts: readonly Burst[]): readonly Alike[] {
  const { true: told = [], false: refused = [] } = Object.groupBy(
    bursts.filter(({ kind }) => kind !== 'token'),
    ({ service }) => `${service === 'app'}`,
  );
  const refusals = refused.map((burst) => ({ burst, marks: marksOf(burst) }));
  return told.flatMap((one) => {
    const marks = marksOf(one);
    const same = refusals.filter(
      ({ burst, marks: other }) => isSameTime(one, burst) && marks.every((mark) => other.some((by) => isSame(mark, by))),
    );
    return same.map(({ burst }) => ({ told: one, refused: burst }));
  });
}

/** Who is refused decides: the log of the service names one that the application's host runs as. */
export function isSameCaller({ told, refused }: Alike, attributionOf: (denials: readonly Denial[]) => Attribution): boolean {
  const { by, principalId } = attributionOf(refused.denials);
  return by === 'named' && attributionOf(told.denials).candidates.some((one) => one.principalId === principalId);
}

/** The bursts with each application's one inside the first service's that it is one trouble with: that stands for both, and lives as long as one of them. */
export function joined(bursts: readonly Burst[], same: readonly Alike[]): readonly Burst[] {
  if (same.length === 0) return bursts;
  const latestFirst = same.toSorted(({ refused: a }, { refused: b }) => b.episode.onset - a.episode.onset || (a.id < b.id ? 1 : -1));
  const standsFor = new Map(latestFirst.map(({ told, refused }) => [told.id, refused.id]));
  const partsOf = Map.groupBy(
    bursts.filter(({ id }) => standsFor.has(id)),
    ({ id }) => standsFor.get(id),
  );
  return bursts
    .filter(({ id }) => !standsFor.has(id))
    .map((burst) => {
      const parts = partsOf.get(burst.id);
      return parts === undefined ? burst : withParts(burst, parts);
    });
}

function withParts(burst: Burst, parts: readonly Burst[]): Burst {
  const all = [burst, ...parts];
  return {
    ...burst,
    alsoTold: parts,
    firstAt: all.map(({ firstAt }) => firstAt).toSorted(byInstant)[0]!,
    lastAt: all
      .map(({ lastAt }) => lastAt)
      .toSorted(byInstant)
      .at(-1)!,
    silence: silences.find((silence) => all.some((one) => one.silence === silence))!,
  };
}

const silences = ['none', 'quiet', 'resolved'] as const;
const byInstant = (a: string, b: string): number => Date.parse(a) - Date.parse(b);

/** The best cause with its second witness: what the applications that were refused wrote of it themselves. */
export function withOwnWords(causes: readonly DiagnosedCause[], { alsoTold }: Burst): readonly DiagnosedCause[] {
  const [best, ...others] = causes;
  if (best === undefined || alsoTold === undefined) return causes;
  const evidence = best.evidence.filter((one) => one.label !== label);
  return [{ ...best, evidence: [...evidence, ...evidenceOf(alsoTold)] }, ...others];
}

const label = 'application log';

function evidenceOf(alsoTold: readonly Burst[]): readonly CauseEvidence[] {
  const lines = alsoTold.flatMap(({ denials, count, firstAt }) => denials.slice(0, 1).map((denial) => ({ denial, count, firstAt })));
  return lines.slice(0, linesMax).map(({ denial: { hosts, sample, reason }, count, firstAt }): CauseEvidence => ({
    label,
    value: `${placesOf(hosts)}: ${count} ${count === 1 ? 'line' : 'lines'} since ${firstAt}: ${(sample || reason).slice(0, sampleChars).toWellFormed()}`,
    source: 'logs',
  }));
}

const linesMax = 3;
const sampleChars = 300;

function placesOf(hosts: readonly CallingHost[]): string {
  const [host] = hosts;
  if (host === undefined) return 'a host without a name';
  const replicas = [...new Set(hosts.flatMap(({ replica }) => (replica === undefined ? [] : [replica])))];
  if (replicas.length === 0) return host.name;
  return `${host.name}, replica ${replicas.slice(0, linesMax).join(', ')}${replicas.length > linesMax ? ` and ${replicas.length - linesMax} more` : ''}`;
}

/** Clocks differ, and a library tries again before it writes a line. */
const slackMs = 3 * binMinutes * 60_000;
const isSameTime = ({ episode: a }: Burst, { episode: b }: Burst): boolean =>
  a.start <= b.lastBin + slackMs && b.start <= a.lastBin + slackMs;

/** What tells one refusal from another, whoever it was. */
interface Mark {
  readonly service: Service;
  /** In lower case, like the rest. */
  readonly reason: string;
  /** ARM id, where the log gives one, and the name of the resource. */
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** As the services' logs may spell the reason that an application gives. */
  readonly words: readonly Words[];
}

function marksOf({ denials }: Burst): readonly Mark[] {
  const marks = denials.map((denial): Mark => {
    const id = idOf(denial)?.toLowerCase();
    const { service, reason } = denial;
    return { service, reason: reason.toLowerCase(), id, name: nameOf(id, denial), words: wordsFor[reason] ?? wordsOfCode(reason) };
  });
  return [...new Map(marks.map((mark) => [`${mark.service} ${mark.reason} ${mark.id} ${mark.name}`, mark])).values()];
}

const isSame = (said: Mark, refused: Mark): boolean =>
  isSameTarget(said, refused) &&
  said.words.some(({ services, reasons }) => services.includes(refused.service) && reasons.includes(refused.reason));

/** A line without an address tells of what was refused, not by whom; the words and the hour must do. */
function isSameTarget(said: Mark, refused: Mark): boolean {
  if (said.id !== undefined && refused.id !== undefined)
    return said.id === refused.id || said.id.startsWith(`${refused.id}/`) || refused.id.startsWith(`${said.id}/`);
  // Names of the services that have addresses are unique in Azure.
  return (said.id === undefined && said.name === undefined) || (said.name !== undefined && said.name === refused.name);
}

const nameOf = (id: string | undefined, { target }: Denial): string | undefined =>
  id === undefined ? /^(?:[a-z+]+:\/\/)?([^./:]+)/i.exec(target)?.[1]?.toLowerCase() : /\/providers\/[^/]+\/[^/]+\/([^/]+)/i.exec(id)?.[1];

interface Words {
  readonly services: readonly Service[];
  /** As the service's own log spells it, in lower case. */
  readonly reasons: readonly string[];
}

const words = (services: Words['services'], ...reasons: readonly string[]): Words => ({ services, reasons });

/** What the services' logs say (src/azure/queries) where an application says the key (src/denials/app-patterns.ts). */
const wordsFor: Readonly<Record<string, readonly Words[]>> = {
  AuthorizationPermissionMismatch: [words(['storage'], 'authorizationpermissionmismatch', 'forbidden')],
  AuthorizationFailure: [words(['storage'], 'authorizationfailure', 'ipauthorizationerror', 'forbidden')],
  ForbiddenByRbac: [words(['key-vault'], 'forbiddenbyrbac', 'forbidden')],
  ForbiddenByPolicy: [words(['key-vault'], 'forbiddenbypolicy', 'forbidden')],
  ForbiddenByFirewall: [words(['key-vault'], 'forbiddenbyfirewall', 'forbiddenbyconnection'), words(['sql'], '40615', '40914', '47073')],
  '403/5301': [words(['cosmos-db'], '403/5300', '403/5301', '403/5302', '403/5303', 'forbidden')],
  AuthorizationFailed: [words(['arm'], 'authorizationfailed')],
  LinkedAuthorizationFailed: [words(['arm'], 'linkedauthorizationfailed')],
  RequestDisallowedByPolicy: [words(['arm'], 'requestdisallowedbypolicy')],
  ScopeLocked: [words(['arm'], 'scopelocked')],
  UnauthorizedAccess: [words(['service-bus', 'event-hubs'], 'unauthorizedaccess', 'forbidden')],
  '18456': [words(['sql'], '18456')],
  ExpiredToken: [
    words(['storage'], 'invalidauthenticationinfo', 'unauthorized'),
    words(['key-vault'], 'akv10046', 'unauthorized'),
    words(['service-bus', 'event-hubs'], 'expiredtoken'),
    words(['arm'], 'expiredauthenticationtoken', 'invalidauthenticationtoken'),
  ],
  InvalidAudience: [words(['storage'], 'invalidauthenticationinfo', 'unauthorized'), words(['key-vault'], 'akv10022')],
  InvalidAuthenticationTokenTenant: [words(['arm'], 'invalidauthenticationtokentenant'), words(['key-vault'], 'akv10032')],
  InvalidResource: [words(['entra'], 'aadsts500011')],
};

/** Codes of Entra and of Key Vault are the same in both logs. */
function wordsOfCode(reason: string): readonly Words[] {
  if (/^AADSTS\d+$/i.test(reason)) return [words(['entra'], reason.toLowerCase())];
  return /^AKV\d+$/i.test(reason) ? [words(['key-vault'], reason.toLowerCase())] : [];
}
