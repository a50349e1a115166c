import type { Severity } from './violation.ts';

/** How much more than one workload a subject pattern lets in. */
export interface Openness {
  readonly severity: Extract<Severity, 'high' | 'medium' | 'low'>;
  readonly text: string;
}

export interface Comparison {
  readonly claim: string;
  readonly operator: 'matches' | 'eq';
  readonly value: string;
}

/**
 * A claims matching expression: `claims['sub'] matches 'repo:contoso/app:ref:refs/heads/*' and claims['job_workflow_ref'] eq '…'`
 * (learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials). Undefined when it is not one.
 */
export function parseExpression(expression: string): readonly Comparison[] | undefined {
  const found: Comparison[] = [];
  const one = /\s*claims\['([^']{1,200})'\]\s+(matches|eq)\s+'([^']*)'\s*/iy;
  for (let at = 0; ;) {
    one.lastIndex = at;
    const match = one.exec(expression);
    if (match === null) return undefined;
    found.push({
      claim: (match[1] ?? '').toLowerCase(),
      operator: (match[2] ?? '').toLowerCase() === 'eq' ? 'eq' : 'matches',
      value: match[3] ?? '',
    });
    at = one.lastIndex;
    if (at === expression.length) return found;
    const and = /and\b/iy;
    and.lastIndex = at;
    if (!and.test(expression)) return undefined;
    at = and.lastIndex;
  }
}

/** What an expression lets in beyond one workload; undefined when it pins one. */
export function opennessOf(expression: string): Openness | undefined {
  const comparisons = parseExpression(expression);
  if (comparisons === undefined)
    return {
      severity: 'low',
      text: 'this expression is not of a form that we understand, so read it: nothing is known about whom it lets in',
    };
  const subject = comparisons.find(({ claim }) => claim === 'sub');
  if (subject === undefined)
    return { severity: 'high', text: 'it says nothing about the subject, so anybody whose token carries the other claims gets in' };
  const open = subject.operator === 'eq' ? undefined : opennessOfPattern(subject.value);
  if (open === undefined || open.severity !== 'high') return open;
  // A second claim that is pinned (the reusable workflow, say) narrows a wide subject; it does not close it.
  const narrowed = comparisons.some(({ claim, operator, value }) => claim !== 'sub' && (operator === 'eq' || !/[*?]/.test(value)));
  return narrowed ? { severity: 'medium', text: `${open.text}, narrowed by another claim` } : open;
}

/**
 * `*` stands for any text, `?` for one character. The parts that say *who* (owner and repository, project, organisation and workspace,
 * namespace and service account) must not hold one; in the parts that say *when* (branch, tag, environment) a wildcard with a fixed
 * beginning (`release-*`) is a choice, one that stands alone is none.
 */
export function opennessOfPattern(pattern: string): Openness | undefined {
  const wildcard = pattern.search(/[*?]/);
  if (wildcard < 0) return undefined;
  const who = whoEndsAt(pattern);
  if (wildcard < who)
    return {
      severity: 'high',
      text: `it lets in every workload whose subject begins with "${pattern.slice(0, wildcard)}", not one repository, project or service account`,
    };
  const rest = pattern.slice(who);
  if (/^:\*+$/.test(rest)) return { severity: 'high', text: 'it lets in every branch, tag, environment and pull request' };
  // Terraform Cloud's run phase (plan, apply) and GitLab's kind of ref narrow nothing that matters: a wildcard there is what it is documented for.
  const pieces = rest.replace(/:(run_phase|ref_type):[*?]+/g, '').split(/[:/]/);
  const bare = pieces.findIndex((piece) => /^[*?]+$/.test(piece));
  if (bare < 0) return undefined;
  return {
    severity: 'medium',
    text: `it lets in ${kindOf(pieces.slice(0, bare))}, and whoever may push a branch or make a tag or environment picks the name`,
  };
}

/** Where the part that says who ends: after the repository, the workspace, or at the very end. */
function whoEndsAt(pattern: string): number {
  const github = /^(?:repo|project_path):[^:]*(?=:)/.exec(pattern);
  if (github !== null) return github[0].length;
  const terraform = /^organization:[^:]*:project:[^:]*:workspace:[^:]*(?=:)/.exec(pattern);
  return terraform === null ? pattern.length : terraform[0].length;
}

function kindOf(before: readonly string[]): string {
  const words = before.filter((piece) => piece !== '');
  if (words.includes('environment')) return 'every environment';
  if (words.includes('tags')) return 'every tag';
  if (words.includes('heads') || words.at(-1) === 'ref') return 'every branch';
  return 'everything of that kind';
}
