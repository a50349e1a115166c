import type { Evidence, Fix, PrincipalRef, Violation } from '../rules/index.ts';
import type { Finding, StoredFinding } from './finding.ts';

/** The part of a finding that comes from the violation of the moment. */
export type Content = Omit<Finding, 'id' | 'status' | 'firstSeenAt' | 'lastSeenAt' | 'resolvedAt' | 'resolvedBy' | 'unjudged'> &
  Pick<StoredFinding, 'aspect'>;

/**
 * A violation in the shape of a finding, within what every store can hold. Azure's row ends at 1 MiB, two bytes a character: the budgets
 * below add up to well under half of it, counted as JSON, where one character from a hostile name can take six.
 */
export function contentOf(violation: Violation, controls: readonly string[]): Content {
  const content: Content = {
    rule: violation.rule,
    severity: violation.severity,
    confidence: violation.confidence,
    subject: violation.subject,
    ...(violation.aspect !== undefined && violation.aspect !== '' ? { aspect: violation.aspect } : {}),
    principal: violation.principal ?? nobody,
    proof: violation.proof ?? '',
    role: violation.role ?? noRole,
    scope: violation.scope,
    title: violation.title,
    message: violation.message,
    evidence: violation.evidence,
    fix: violation.fix,
    related: violation.related,
    controls,
  };
  return isSmall(content) ? content : bounded(content);
}

const nobody: PrincipalRef = { id: '', kind: 'unknown', name: '', resourceId: '', clientId: '' };
const noRole = { id: '', name: '' };

const smallCharsMax = 5_000;
const listCharsMax = 40_000;
const messageCharsMax = 4_000;
const wordCharsMax = 2_000;

function isSmall({ subject, aspect = '', principal, role, scope, title, message, evidence, fix, related }: Content): boolean {
  let chars = subject.length + aspect.length + scope.length + title.length + message.length + role.id.length + role.name.length;
  chars += principal.id.length + principal.name.length + principal.resourceId.length + principal.clientId.length;
  for (const { label, value } of evidence) chars += label.length + value.length + 40;
  for (const { text, cli = '', bicep = '', terraform = '' } of fix)
    chars += text.length + cli.length + bicep.length + terraform.length + 60;
  for (const id of related) chars += id.length + 3;
  return chars <= smallCharsMax;
}

function bounded(content: Content): Content {
  const { principal, role } = content;
  const evidence = leading(content.evidence.map(clipEvidence));
  const fix = leading(content.fix.map(clipFix));
  const related = leading(content.related);
  return {
    ...content,
    subject: clip(content.subject, wordCharsMax),
    ...(content.aspect === undefined ? {} : { aspect: clip(content.aspect, wordCharsMax) }),
    scope: clip(content.scope, wordCharsMax),
    title: clip(content.title, wordCharsMax),
    message: clip(content.message, messageCharsMax),
    principal: {
      ...principal,
      id: clip(principal.id, wordCharsMax),
      name: clip(principal.name, wordCharsMax),
      resourceId: clip(principal.resourceId, wordCharsMax),
      clientId: clip(principal.clientId, wordCharsMax),
    },
    role: { id: clip(role.id, wordCharsMax), name: clip(role.name, wordCharsMax) },
    evidence: [...evidence.kept, ...leftOut('evidence lines', evidence.more), ...leftOut('related ids', related.more)],
    fix: [...fix.kept, ...(fix.more === 0 ? [] : [{ text: `And ${fix.more} more steps, too many to keep here.` }])],
    related: related.kept,
  };
}

/** As many items from the front as the budget holds. */
function leading<Item>(items: readonly Item[]): { readonly kept: readonly Item[]; readonly more: number } {
  let chars = 0;
  const end = items.findIndex((item) => (chars += JSON.stringify(item).length + 1) > listCharsMax);
  return end < 0 ? { kept: items, more: 0 } : { kept: items.slice(0, end), more: items.length - end };
}

const leftOut = (what: string, more: number): readonly Evidence[] =>
  more === 0 ? [] : [{ label: `and ${more} more`, value: `${what}, too many to keep here`, source: 'resource-graph' }];

const clipEvidence = ({ label, value, source }: Evidence): Evidence => ({
  label: clip(label, wordCharsMax),
  value: clip(value, wordCharsMax),
  source,
});

/** Half a command is worse than none: what is too long goes, and the text says so. */
function clipFix({ text, ...code }: Fix): Fix {
  const dropped = Object.entries(code).filter(([, value]) => JSON.stringify(value).length > listCharsMax / 2);
  if (dropped.length === 0) return { text: clip(text, messageCharsMax), ...code };
  const kept = Object.fromEntries(Object.entries(code).filter(([, value]) => JSON.stringify(value).length <= listCharsMax / 2));
  return {
    text: `${clip(text, messageCharsMax)} (Left out because it is too long to keep: ${dropped.map(([name]) => name).join(', ')}.)`,
    ...kept,
  };
}

/** Cuts between characters, never through a surrogate pair. */
export function clip(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const cut = text.slice(0, charsMax - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** The same content, field by field: what decides whether a stored row must be written again. */
export function sameContent(known: Content, now: Content): boolean {
  return (
    known.message === now.message &&
    known.severity === now.severity &&
    known.confidence === now.confidence &&
    known.title === now.title &&
    known.subject === now.subject &&
    known.aspect === now.aspect &&
    known.scope === now.scope &&
    known.proof === now.proof &&
    known.role.id === now.role.id &&
    known.role.name === now.role.name &&
    samePrincipal(known.principal, now.principal) &&
    sameList(known.evidence, now.evidence, sameEvidence) &&
    sameList(known.fix, now.fix, sameFix) &&
    sameList(known.related, now.related, sameText) &&
    sameList(known.controls, now.controls, sameText)
  );
}

const samePrincipal = (a: PrincipalRef, b: PrincipalRef): boolean =>
  a.id === b.id && a.kind === b.kind && a.name === b.name && a.resourceId === b.resourceId && a.clientId === b.clientId;

const sameEvidence = (a: Evidence, b: Evidence): boolean => a.label === b.label && a.value === b.value && a.source === b.source;

const sameFix = (a: Fix, b: Fix): boolean => a.text === b.text && a.cli === b.cli && a.bicep === b.bicep && a.terraform === b.terraform;

const sameText = (a: string, b: string): boolean => a === b;

function sameList<Item>(a: readonly Item[], b: readonly Item[], same: (a: Item, b: Item) => boolean): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every((item, at) => same(item, b[at]!));
}
