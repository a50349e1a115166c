/**
 * Everything the auditor tells about itself, as data: docs/telemetry.md is generated from these lists, and nothing is measured that is not in them.
 * Names follow OpenTelemetry's conventions (dots between name spaces, units in UCUM); what HTTP is called stands in
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/.
 */
export const metricList = {
  'mi_audit.audit.age': {
    kind: 'gauge',
    unit: 's',
    about:
      'Since the last complete audit ended, as each pass of the watch finds it in the store. None of the last 50 complete: since the oldest of them began, so at least that long.',
    attributes: [],
  },
  'mi_audit.run.duration': {
    kind: 'histogram',
    unit: 's',
    about:
      'How long a job took, and how it ended: done, failed, or skipped because another instance was at it. Its count is the number of runs.',
    attributes: ['mi_audit.job', 'mi_audit.outcome'],
  },
  'mi_audit.findings.open': {
    kind: 'gauge',
    unit: '{finding}',
    about: 'Findings that ask for something to be done (new, open, reopened) after an audit.',
    attributes: ['mi_audit.severity'],
  },
  'mi_audit.incidents.alive': {
    kind: 'gauge',
    unit: '{incident}',
    about: 'Incidents that are not resolved, after a pass of the watch.',
    attributes: ['mi_audit.severity'],
  },
  'mi_audit.denials.seen': {
    kind: 'counter',
    unit: '{denial}',
    about:
      'Refused calls in what a pass of the watch read. A bin of five minutes that receives rows late is read again as a whole, so some are counted twice.',
    attributes: [],
  },
  'mi_audit.denials.benign': {
    kind: 'gauge',
    unit: '{denial}',
    about:
      'Refused calls that are everyday life, among all that the watch remembers after a pass, by the entry of the catalogue that says so. An entry without any is not recorded.',
    attributes: ['mi_audit.benign.id'],
  },
  'mi_audit.gaps': {
    kind: 'gauge',
    unit: '{gap}',
    about:
      'What a run could not see: `unreadable` makes it incomplete; `silent` is where nothing arrives from, so that the watch cannot know. The event mi_audit.gap says what and where.',
    attributes: ['mi_audit.job', 'mi_audit.gap.kind'],
  },
  'mi_audit.calls': {
    kind: 'counter',
    unit: '{call}',
    about: 'Calls to services outside, each attempt of a retried one.',
    attributes: ['mi_audit.service'],
  },
  'mi_audit.throttles': {
    kind: 'counter',
    unit: '{call}',
    about: 'Calls that a service answered with 429 (storage: 503), which means: slower.',
    attributes: ['mi_audit.service'],
  },
  'mi_audit.deliveries': {
    kind: 'counter',
    unit: '{delivery}',
    about: 'Attempts to tell people: sent, failed (tried again later), given_up.',
    attributes: ['mi_audit.channel', 'mi_audit.outcome'],
  },
} as const satisfies Readonly<Record<string, Metric>>;

export interface Metric {
  readonly kind: 'gauge' | 'counter' | 'histogram';
  readonly unit: string;
  readonly about: string;
  readonly attributes: readonly string[];
}

export type MetricName = keyof typeof metricList;
export type AttributeOf<Name extends MetricName> = (typeof metricList)[Name]['attributes'][number];

/** Jobs by the name that their spans, metrics and events carry. */
export const jobs = ['audit', 'shard', 'watch', 'watch-grants', 'notify', 'review', 'prune'] as const;
export type Job = (typeof jobs)[number];

export const services = ['arm', 'resource-graph', 'graph', 'logs', 'tables', 'queues', 'email', 'identity'] as const;
/** Who is called. */
export type Service = (typeof services)[number];

export const spanList = {
  'mi_audit.JOB': {
    about: 'One run of a job, within the invocation of the function that runs it.',
    attributes: ['mi_audit.job', 'mi_audit.run.id', 'mi_audit.outcome', 'error.type'],
  },
  'METHOD OPERATION': {
    about:
      'One attempt of one call to a service outside, such as GET /subscriptions/{}. In its name, each {} stands for an id or a name: neither they nor the query string are recorded.',
    attributes: [
      'mi_audit.service',
      'http.request.method',
      'url.template',
      'server.address',
      'http.response.status_code',
      'http.request.resend_count',
      'az.service_request_id',
      'error.type',
    ],
  },
  'mi_audit.delivery': {
    about: 'One attempt to deliver one message to one channel. Neither its words nor its receivers are recorded.',
    attributes: ['mi_audit.channel', 'mi_audit.channel.kind', 'mi_audit.outcome'],
  },
} as const satisfies Readonly<Record<string, Told>>;

export interface Told {
  readonly about: string;
  readonly attributes: readonly string[];
}

export const eventList = {
  'mi_audit.run.finished': {
    about: 'A run came to its end. complete is false where something could not be seen.',
    attributes: ['mi_audit.job', 'mi_audit.run.id', 'mi_audit.run.complete', 'mi_audit.run.summary'],
  },
  'mi_audit.run.failed': {
    about: 'A job failed; why, in one line, without secrets.',
    attributes: ['mi_audit.job', 'error.type', 'mi_audit.why'],
  },
  'mi_audit.gap': {
    about:
      'Something a run could not see: which slice of the estate or of the logs, where, and which permission would show it. At most 50 of a run.',
    attributes: [
      'mi_audit.job',
      'mi_audit.run.id',
      'mi_audit.gap.kind',
      'mi_audit.gap.slice',
      'mi_audit.gap.scope',
      'mi_audit.gap.state',
      'mi_audit.gap.permission',
      'mi_audit.why',
    ],
  },
  'mi_audit.delivery.given_up': {
    about: 'A message that will not be tried again of its own accord: `mi-audit notify --again` tries once more.',
    attributes: ['mi_audit.channel', 'mi_audit.channel.kind', 'mi_audit.why'],
  },
} as const satisfies Readonly<Record<string, Told>>;

export type EventName = keyof typeof eventList;
export type EventAttribute<Name extends EventName> = (typeof eventList)[Name]['attributes'][number];

/** Under this name the SDK knows what we record. */
export const instrumentation = 'mi-audit';
