import * as az from '../remedy/az.ts';
import type { Severity } from '../rules/index.ts';
import type { Actor, Holding, IdentitySheet } from './identity-sheet.ts';
import { asCode, plainly } from './markdown.ts';

export interface RunbookFinding {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly status: string;
  readonly title: string;
  readonly scope: string;
}

export interface RunbookIncident {
  readonly id: string;
  readonly status: string;
  readonly severity: string;
  readonly service: string;
  readonly targets: readonly string[];
  readonly denials: number;
  readonly openedAt: string;
  readonly resolvedAt?: string;
  /** Best first. */
  readonly causes: readonly { readonly id: string; readonly confidence: string; readonly why: string }[];
}

export interface RunbookContext {
  readonly now: string;
  /** True: no verdict of the latest audit rests on what it could not see. */
  readonly complete: boolean;
  /** What the latest audit could not see; empty when it saw everything; absent: no audit is known. */
  readonly gaps: readonly { readonly slice: string; readonly scope: string; readonly state: string; readonly why: string }[] | undefined;
}

/** One page about one identity, for whoever is called at night: what it is, what it may do and why, who can act as it, what went wrong before, how to look. */
export function runbookOf(
  sheet: IdentitySheet,
  findings: readonly RunbookFinding[],
  incidents: readonly RunbookIncident[],
  context: RunbookContext,
): string {
  const sections = [
    [`# ${plainly(sheet.name || sheet.principalId)}`, facts(sheet), coverage(sheet, context)],
    ['## Where it runs', places(sheet)],
    ['## What it may do, and why anybody should ask', holdings(sheet)],
    ['## Who can act as it', actors(sheet)],
    ['## Findings', findingList(findings)],
    ['## Past incidents and their causes', incidentList(incidents)],
    ['## How to check it', commands(sheet)],
  ];
  return `${sections.map((parts) => parts.join('\n\n')).join('\n\n')}\n`;
}

const list = (lines: readonly string[], none: string, more = 0): string =>
  lines.length === 0
    ? none
    : [...lines.map((line) => `- ${line}`), ...(more > 0 ? [`- and ${more} more, too many to keep`] : [])].join('\n');

const facts = (sheet: IdentitySheet): string =>
  list(
    [
      `Kind: ${sheet.kind} managed identity`,
      `Client id (what applications name): ${sheet.clientId === '' ? 'not known' : asCode(sheet.clientId)}`,
      `Principal id (what grants name): ${asCode(sheet.principalId)}`,
      `Resource: ${asCode(sheet.resourceId)}`,
      ...Object.entries(sheet.tags).map(([name, value]) => `Tag ${plainly(name)}: ${plainly(value)}`),
    ],
    '',
  );

/** Blind is not clean: what follows is only as whole as the audit was. */
function coverage({ seenAt }: IdentitySheet, { gaps, now, complete }: RunbookContext): string {
  const asOf = `As the audit saw it at ${seenAt}; written at ${now}.`;
  if (gaps === undefined) return `${asOf} No finished audit is stored: how much of the tenant it saw is not known.`;
  if (gaps.length === 0) return `${asOf} The latest audit saw everything it looks at.`;
  const lines = gaps.slice(0, gapsNamed).map(({ slice, scope, state, why }) => `${slice} ${state} at ${asCode(scope)}: ${plainly(why)}`);
  const what = complete
    ? 'Not looked at by the latest audit, and none of its verdicts rests on it:'
    : '**The latest audit could not see everything; there may be more than this page says:**';
  return `${asOf} ${what}\n\n${list(lines, '', gaps.length - lines.length)}`;
}

const gapsNamed = 10;

function places({ kind, hosts, federatedCredentials, more }: IdentitySheet): string {
  const nowhere = kind === 'user-assigned' ? 'Attached to no resource that the audit saw.' : 'Its host was not seen.';
  const outside = list(
    federatedCredentials.map(
      ({ name, issuer, subject }) => `Credential ${plainly(name)}: lets in ${asCode(subject)} with a token from ${asCode(issuer)}`,
    ),
    'No federated credential is known: nobody outside of Azure is let in.',
  );
  return `${list(
    hosts.map(({ id, kind: type }) => `${asCode(id)} (${plainly(type)})`),
    nowhere,
    more?.hosts,
  )}\n\n${outside}`;
}

const holdings = ({ holdings: held, more }: IdentitySheet): string =>
  list(held.map(holdingLine), 'It holds no grant that the audit saw.', more?.holdings);

function holdingLine(holding: Holding): string {
  const { id, role, scope, through, throughName, conditional, grantedAt, grantedBy, grantedByName, severity, question, reach } = holding;
  const facts = [
    `**${plainly(role.name || `role ${role.id}`)}** on ${asCode(scope)}`,
    ...(through === undefined ? [] : [`through group ${named(throughName, through)}`]),
    ...(conditional ? ['under a condition'] : []),
    ...(reach === undefined ? [] : [`over ${reach} known ${reach === 1 ? 'resource' : 'resources'}`]),
    ...(grantedAt === '' ? [] : [`since ${plainly(grantedAt)}`]),
    ...(grantedBy === '' ? [] : [`granted by ${named(grantedByName, grantedBy)}`]),
  ];
  const why = question === undefined ? 'A data role on one resource: as narrow as a role gets.' : plainly(question);
  return `${facts.join(', ')} (${asCode(id)})\n  ${severity === undefined ? '' : `${severity}: `}${why}`;
}

const named = (name: string | undefined, id: string): string => (name === undefined ? asCode(id) : `${plainly(name)} (${asCode(id)})`);

const actors = ({ actors: able, more }: IdentitySheet): string =>
  list(
    able.map(actorLine),
    'Nobody but its own hosts, as far as the audit saw: no right to attach it or to run code on a host was found.',
    more?.actors,
  );

function actorLine({ principalId, name, kind, way, role, scope }: Actor): string {
  if (way === 'federated') return `${asCode(name)} outside of Azure, by credential ${plainly(role)} (tokens of ${asCode(kind)})`;
  const who = `${name === '' ? plainly(kind) : `${plainly(name)} (${plainly(kind)})`} ${asCode(principalId)}`;
  return `${who} ${ways[way] ?? plainly(way)}, by ${plainly(role)} on ${asCode(scope)}`;
}

const ways: Readonly<Record<string, string>> = {
  attach: 'may attach it to something of its own',
  trust: 'may let an outside token in as it',
  'run-code': 'may run code on a host of it',
};

const findingList = (findings: readonly RunbookFinding[]): string =>
  list(
    findings.map(
      ({ id, rule, severity, status, title, scope }) =>
        `${severity}, ${status}: ${plainly(title)} (${plainly(rule)}) on ${asCode(scope)}, ${asCode(id)}`,
    ),
    'None is stored about it.',
  );

const incidentList = (incidents: readonly RunbookIncident[]): string =>
  list(
    incidents.map(({ id, status, severity, service, targets, denials, openedAt, resolvedAt, causes }) =>
      [
        `${plainly(openedAt)}${resolvedAt === undefined ? '' : ` to ${plainly(resolvedAt)}`}: ${severity}, ${status}; ${denials} refused calls to ${plainly(service)}, ${targets.slice(0, 3).map(asCode).join(', ')}${targets.length > 3 ? ` and ${targets.length - 3} more` : ''} (${asCode(id)})`,
        ...causes.map(({ id: cause, confidence, why }) => `  Cause, ${confidence}: ${plainly(cause)}. ${plainly(why)}`),
      ].join('\n'),
    ),
    'None is stored about it.',
  );

/** Commands that look and change nothing. A name that no command line takes safely leaves its line out, and says so. */
function commands({ kind, principalId, resourceId, hosts, holdings: held }: IdentitySheet): string {
  const steps = [
    az.step('What the directory says of it.', az.command('ad sp show', { id: principalId })),
    az.step(kind === 'user-assigned' ? 'The identity itself.' : 'The resource it belongs to.', az.showResource(resourceId)),
    az.step(
      'Its grants, groups included.',
      az.command('role assignment list', { assignee: principalId, all: true, 'include-groups': true }),
    ),
    az.step(
      'Who holds rights on it, people included.',
      az.command('role assignment list', { scope: resourceId, 'include-inherited': true }),
    ),
    ...(kind === 'user-assigned' ? [az.step('Who is let in from outside.', az.listCredentials(resourceId))] : []),
    ...hosts.slice(0, hostsChecked).map(({ id }) => az.step('A host, with the identities on it.', az.showResource(id))),
    ...[...new Set(held.filter(({ id }) => id.includes('/accessPolicies/')).map(({ scope }) => scope))]
      .slice(0, hostsChecked)
      .map((vault) => az.step('A vault whose access policies name it.', az.showResource(vault))),
  ];
  return steps.map(({ text, cli }) => (cli === undefined ? text : `${text}\n\n\`\`\`sh\n${cli}\n\`\`\``)).join('\n\n');
}

const hostsChecked = 5;
