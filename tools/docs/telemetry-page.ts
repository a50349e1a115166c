import { eventList, jobs, metricList, services, spanList, type Metric, type Told } from '../../src/telemetry/index.ts';
import type { Page } from './page.ts';

/** What each span, metric and event means, from the lists that the code records by. */
export function telemetryPages(): readonly Page[] {
  const metrics: readonly (readonly [string, Metric])[] = Object.entries(metricList);
  const text = [
    '# Telemetry: what the auditor tells about itself',
    '',
    'By OpenTelemetry, to Application Insights where `APPLICATIONINSIGHTS_CONNECTION_STRING` is set (infra sets it), or as lines on standard error with `TELEMETRY=console`, on the command line too.',
    'Without either, nothing of it is loaded. How to read it in the portal: the workbook *mi-audit* beside Application Insights ([operations.md](operations.md)).',
    '',
    '## Spans',
    '',
    'One trace for each invocation of a function: the host opens it, the job and its calls stand below. In Application Insights they are `dependencies`.',
    '',
    ...table('span', Object.entries(spanList)),
    '',
    `Jobs: ${codes(jobs)}. Services: ${codes(services)}.`,
    'An answer of 404, 409 or 412 is no failure of a call: the auditor asks whether something is there. Sending by Teams and SMTP is seen as `mi_audit.delivery` only.',
    '',
    '## Metrics',
    '',
    'In Application Insights `customMetrics`. A gauge is recorded when a job ends, not all the time: take its latest value.',
    '',
    '| metric | unit | kind | means | by |',
    '|---|---|---|---|---|',
    ...metrics.map(
      ([name, { unit, kind, about, attributes }]) => `| \`${name}\` | \`${unit}\` | ${kind} | ${about} | ${codes(attributes)} |`,
    ),
    '',
    '## Events',
    '',
    'Structured log records. In Application Insights `customEvents`, with the attributes as `customDimensions` and the trace as `operation_Id`.',
    '',
    ...table('event', Object.entries(eventList)),
    '',
    'What functions print for people to read (`context.info` and the like) goes through the host into `traces`, as ever.',
    '',
    '## What is not in it',
    '',
    '- No token, key, webhook or connection string: nothing is recorded that could hold one, and every text is searched for the secrets of the settings and for what looks like one before it is exported. The same holds for errors that the host logs.',
    '- No ids or names in the names of calls: what is no known word of Azure’s addresses is `{}`, and query strings are not recorded. `az.service_request_id` is what Azure’s support asks for.',
    '- No words of findings, incidents or messages, and no mail addresses. A gap names the scope it is about.',
    '- Control characters become spaces, and texts end after 1,000 characters: names of identities are written by strangers.',
    '- Nothing is sent to anybody else: usage statistics of Microsoft’s library are off (`APPLICATION_INSIGHTS_NO_STATSBEAT`, `APPLICATIONINSIGHTS_SDKSTATS_DISABLED`), so are its own instrumentations and live metrics.',
    '',
    '## What it costs',
    '',
    'Nothing where it is off. Where it is on, a timer or a message waits once per instance until the library is loaded (0.2 to 0.3 s of CPU, some 20 MB of memory); who opens the page does not wait. Telemetry is sent before an invocation ends, and for at most 5 s:',
    'what cannot be sent by then is lost, and the job does not fail for it. The record of every run is in the store in any case (`mi-audit runs`).',
    '',
    'A span takes about 1 KB of ingestion. On the built-in tenant an audit makes some 440 calls, a pass of the watch up to 320 while incidents are alive, which is 100 MB a day. Less is an app setting: `OTEL_TRACES_SAMPLER=microsoft.fixed_percentage` with',
    '`OTEL_TRACES_SAMPLER_ARG=0.1` keeps the spans of a tenth of all invocations, `OTEL_TRACES_SAMPLER=always_off` none. Metrics and events, which the alerts and most of the workbook rest on, are not sampled.',
    '',
  ].join('\n');
  return [{ path: 'docs/telemetry.md', text }];
}

const table = (title: string, entries: readonly (readonly [string, Told])[]): readonly string[] => [
  `| ${title} | means | attributes |`,
  '|---|---|---|',
  ...entries.map(([name, { about, attributes }]) => `| \`${name}\` | ${about} | ${codes(attributes)} |`),
];

const codes = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
