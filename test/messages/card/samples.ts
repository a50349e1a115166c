import * as fc from 'fast-check';
import type { DigestMessage, FindingMessage, IncidentMessage, Message, MessageContext } from '../../../src/messages/index.ts';
import { noticeEvents } from '../../../src/outbox/index.ts';
import { severities } from '../../../src/rules/index.ts';

const vault = '/subscriptions/0b1f6471-1bf0-4dda-aec3-111122223333/resourceGroups/rg-pay/providers/Microsoft.KeyVault/vaults/kv-pay';

/** No page is set: there is nothing of ours to link to. */
export const withoutPage: MessageContext = {
  now: '2026-11-20T08:00:00.000Z',
  tenantId: '6babcaad-604b-40ac-a9d7-9fd97c0b779f',
  subscriptions: { '0b1f6471-1bf0-4dda-aec3-111122223333': 'payments-prod' },
  gaps: [],
  portalUrl: 'https://portal.azure.com',
  reference: 'incident-00aa.1',
  attempt: 1,
};

export const context: MessageContext = { ...withoutPage, siteUrl: 'https://mi-audit.example' };

export const grant = `az role assignment create --assignee-object-id 1111 --role 4633458b-17de-408a-b874-0445c86b69e6 --scope '${vault}'`;

export const incident = (over: Partial<IncidentMessage['incident']> = {}, event: IncidentMessage['event'] = 'opened'): IncidentMessage => ({
  kind: 'incident',
  event,
  incident: {
    id: 'incident-00aa',
    kind: 'outage',
    status: 'opened',
    severity: 'high',
    principal: { id: '1111', kind: 'user-assigned', name: 'id-pay', resourceId: '', clientId: '' },
    attribution: 'named',
    service: 'key-vault',
    targets: [vault],
    operations: ['SecretGet'],
    statusCodes: [403],
    denials: 88,
    firstDenialAt: '2026-11-20T05:00:19.922Z',
    lastDenialAt: '2026-11-20T07:54:03.160Z',
    openedAt: '2026-11-20T05:00:00.000Z',
    causes: [
      {
        id: 'missing-role',
        confidence: 'likely',
        why: `id-pay (11112222-1bf0-4dda-aec3-111122223333) holds no role that allows the call on ${vault}.`,
        evidence: [{ label: 'refused', value: '88 × 403 ForbiddenByRbac', source: 'logs' }],
        fix: [{ text: 'Grant Key Vault Secrets User on exactly this vault.', cli: grant }],
        check: ['az role assignment list --assignee 1111 --all'],
      },
    ],
    ruledOut: [{ id: 'network-rule', why: 'the refusal names roles' }],
    ...over,
  },
});

export const finding = (
  over: Partial<FindingMessage['finding']> = {},
  event: FindingMessage['event'] = 'opened',
  note = '',
): FindingMessage => ({
  kind: 'finding',
  event,
  note,
  finding: {
    id: 'orphaned-assignment-1f2e3d4c5b6a7980',
    rule: 'orphaned-assignment',
    severity: 'medium',
    confidence: 'certain',
    status: 'new',
    subject: `${vault}/providers/Microsoft.Authorization/roleAssignments/aa`,
    principal: { id: '2222', kind: 'unknown', name: '', resourceId: '', clientId: '' },
    proof: 'deleted',
    role: { id: '4633', name: 'Key Vault Secrets User' },
    scope: vault,
    title: 'Key Vault Secrets User on kv-pay belongs to nobody',
    message: 'Principal 2222 is deleted and its grant stands.',
    evidence: [{ label: 'principal', value: 'not in the directory', source: 'graph' }],
    fix: [{ text: 'Delete it.', cli: `az role assignment delete --ids '${vault}/providers/Microsoft.Authorization/roleAssignments/aa'` }],
    related: [],
    controls: ['CIS 6.0.0 5.3.4'],
    firstSeenAt: '2026-11-18T08:00:00.000Z',
    lastSeenAt: '2026-11-20T08:00:00.000Z',
    ...over,
  },
});

export const digest = (over: Partial<DigestMessage> = {}): DigestMessage => ({
  kind: 'digest',
  because: 'quiet-hours',
  entries: [
    {
      about: 'incident',
      id: 'incident-00aa',
      event: 'opened',
      severity: 'high',
      topic: 'missing-role',
      title: 'id-pay is refused by kv-pay',
      scope: vault,
    },
    {
      about: 'finding',
      id: 'orphaned-assignment-1f2e3d4c5b6a7980',
      event: 'resolved',
      severity: 'medium',
      topic: 'orphaned-assignment',
      title: 'kv-pay',
      scope: vault,
    },
  ],
  total: 40,
  byEvent: { opened: 30, resolved: 10 },
  bySeverity: { high: 1, medium: 39 },
  from: '2026-11-19T21:00:00.000Z',
  to: '2026-11-20T05:00:00.000Z',
  ...over,
});

/** What somebody might call a resource to make a card say or do what we did not mean. */
export const nasties: readonly string[] = [
  '[click](https://evil.example/a)',
  '![x](https://evil.example/pixel.png)',
  '**bold** _em_ `code` ~~gone~~ # head',
  '1. one\n- two\n> three | four',
  '<at>everyone</at> </at> <AT id="0">x</AT> <\u200bat>y',
  '{{DATE(2026-11-20T08:00:00Z, LONG)}} {{TIME(2026-11-20T08:00:00Z)}} {\u200b{DATE(2026-11-20T08:00:00Z)}}',
  '${tenant} @{triggerBody()} &lt;b&gt; <img src=x onerror=alert(1)><script>alert(1)</script>',
  'a\u202egnp.exe\u2066b\u200bc\u00ad\ufeff\u{e0041}\u3164',
  `Z${'\u0301\u0489'.repeat(200)}`,
  '\u0000\u001b[31mred\u0085\u2028line',
  '\ud800lone\udc00',
  '"quotes" \\ back\\slash',
  'معرف-الدفع 身份 🏴‍☠️👨‍👩‍👧‍👦',
  '/subscriptions/x/../../providers//%2e%2e/<at>',
  'www.evil.example https://evil.example mailto:a@evil.example',
];

/** Any text: usual, hostile, of any script, up to hundreds of thousands of characters. */
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 3, arbitrary: fc.constantFrom(...nasties) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(...nasties, 'x', 'ß', '𝔘', '"', '\\', '/subscriptions/s/', '\u0301'), { minLength: 2, maxLength: 4 })
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...nasties, 'x', '"', '👨‍👩‍👧‍👦', '\u0301', '/providers/'), fc.constantFrom(50, 1_000, 20_000))
      .map(([part, times]) => part.repeat(times)),
  },
);
const many = <Item>(one: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> =>
  fc.oneof(
    fc.array(one, { maxLength: 3 }),
    fc.tuple(one, fc.constantFrom(8, 60)).map(([item, times]) => Array.from({ length: times }, () => item)),
  );
const instantText = fc.oneof(fc.constantFrom('2026-11-20T05:00:19.922Z', '2031-01-01T00:00:00Z', '2020-02-29T23:59:59Z', 'soon'), text);
const event = fc.constantFrom(...noticeEvents);
const severity = fc.constantFrom(...severities);
const evidence = many(fc.record({ label: text, value: text, source: fc.constantFrom('logs', 'graph', 'activity') }));
const steps = many(fc.record({ text, cli: fc.oneof(text, fc.constant(grant)) }));
const principal = fc.record({
  id: text,
  kind: fc.constantFrom('user-assigned', 'unknown'),
  name: text,
  resourceId: fc.oneof(text, fc.constant(vault)),
  clientId: text,
});

const anyIncident = fc
  .record({
    id: text,
    severity,
    principal,
    attribution: fc.constantFrom('named', 'inferred'),
    targets: many(fc.oneof(text, fc.constant(vault))),
    operations: many(text),
    statusCodes: many(fc.constantFrom(401, 403)),
    denials: fc.nat(),
    firstDenialAt: instantText,
    lastDenialAt: instantText,
    causes: many(
      fc.record({
        id: text,
        confidence: fc.constantFrom('certain', 'likely', 'possible'),
        why: text,
        evidence,
        fix: steps,
        check: many(text),
      }),
    ),
    ruledOut: many(fc.record({ id: text, why: text })),
    resolvedAt: instantText,
    resolvedBy: text,
  })
  .chain((over) => event.map((what) => incident(over as Partial<IncidentMessage['incident']>, what)));

const anyFinding = fc
  .record({
    id: text,
    rule: text,
    severity,
    subject: text,
    principal,
    scope: text,
    title: text,
    message: text,
    evidence,
    fix: steps,
    controls: many(text),
    firstSeenAt: instantText,
    unjudged: text,
  })
  .chain((over) => fc.tuple(event, text).map(([what, note]) => finding(over as Partial<FindingMessage['finding']>, what, note)));

const anyDigest = fc
  .record({
    because: fc.constantFrom('digest', 'quiet-hours', 'rate-cap'),
    entries: many(
      fc.record({ about: fc.constantFrom('finding', 'incident'), id: text, event, severity, topic: text, title: text, scope: text }),
    ),
    total: fc.nat(),
    from: instantText,
    to: instantText,
  })
  .map((over) => digest(over as Partial<DigestMessage>));

export const anyMessage: fc.Arbitrary<Message> = fc.oneof(anyIncident, anyFinding, anyDigest);

export const anyContext: fc.Arbitrary<MessageContext> = fc
  .record(
    {
      siteUrl: fc.constantFrom('https://mi-audit.example', `https://${'x'.repeat(3_000)}.example`, 'javascript:alert(1)', 'https://a b'),
      gaps: many(fc.record({ slice: text, scope: text, state: fc.constantFrom('partial', 'missing'), why: text, permission: text })),
      reference: text,
      tenantId: text,
      attempt: fc.constantFrom(1, 3),
      subscriptions: text.map((name) => ({ '0b1f6471-1bf0-4dda-aec3-111122223333': name })),
    },
    { requiredKeys: ['gaps', 'reference', 'tenantId', 'attempt', 'subscriptions'] },
  )
  .map((over) => ({ ...withoutPage, ...(over as Partial<MessageContext>) }));
