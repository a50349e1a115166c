import type { NearMiss, Path } from '../../access/index.ts';
import type { AccessAnswer } from '../../jobs/ask-access.ts';
import { paintWith, type Paint } from './paint.ts';
import { oneLine } from './plain-text.ts';

/** The evaluator's answer in words: verdict, paths, denies, near misses, and what it rests on. */
export function answerText({ principal, action, plane, on, answer }: AccessAnswer, terminal: { readonly colours: boolean }): string {
  const paint = paintWith(terminal.colours);
  const name = principal.name === '' ? principal.id : `${principal.name} (${principal.id})`;
  return [
    verdictLine(answer.verdict, paint),
    `${paint.faint('who  ')}${oneLine(name)}, ${principal.kind === 'unknown' ? 'seen by nobody in this collection' : principal.kind}`,
    `${paint.faint('what ')}${oneLine(action)} (${plane} plane)`,
    `${paint.faint('where')}${oneLine(` ${on}`)}`,
    ...section('By', answer.paths.map(pathLine), paint),
    ...section(
      'Denied by',
      answer.denies.map((deny) => `deny assignment ${deny.name || deny.id} at ${deny.scopeId}`),
      paint,
    ),
    ...section('Near, but not enough', answer.paths.length === 0 ? answer.nearMisses.map(missLine) : [], paint),
    ...section('This rests on', answer.because, paint),
  ].join('\n');
}

function verdictLine(verdict: AccessAnswer['answer']['verdict'], paint: Paint): string {
  switch (verdict) {
    case 'allowed':
      return paint.good(paint.strong('Allowed'));
    case 'conditioned':
      return paint.warning(paint.strong('Allowed under a condition'));
    case 'denied':
      return paint.bad(paint.strong('Denied'));
    case 'no-path':
      return paint.bad(paint.strong('Not allowed: no grant leads there'));
    case 'unknown':
      return paint.warning(paint.strong('Unknown: what could be seen does not decide it'));
  }
}

function pathLine(path: Path): string {
  switch (path.kind) {
    case 'role': {
      const through =
        path.groups.length === 0 ? '' : `, through ${path.groups.length === 1 ? 'group' : 'groups'} ${path.groups.join(' → ')}`;
      const condition =
        'text' in path.condition && path.condition.kind !== 'not-applicable'
          ? `, condition (${path.condition.kind}): ${path.condition.text}`
          : '';
      return `role ${path.role.name} at ${path.assignment.scopeId}${through}${condition}; assignment ${path.assignment.id}`;
    }
    case 'vault-policy':
      return `access policy of ${path.vault} (${path.permission})`;
    case 'native-role':
      return `role ${path.roleName} of ${path.account} itself; assignment ${path.assignmentId}`;
  }
}

function missLine(miss: NearMiss): string {
  switch (miss.kind) {
    case 'control-plane-only':
      return `${held(miss)} covers the control plane only, and this is a data action`;
    case 'insufficient-role':
      return `${held(miss)} lacks this operation`;
    case 'wrong-scope':
      return `${held(miss)} would do, but ${whereWords[miss.where]}`;
    case 'vault-uses-policies':
      return `${held(miss)} has no effect: the vault decides by access policies`;
    case 'vault-uses-rbac':
      return `the access policy of ${miss.vault} (${miss.permission}) has no effect: the vault decides by roles`;
    case 'condition':
      return `${held(miss)} would do, but its condition never lets this through: ${miss.text}`;
    case 'role-unreadable':
      return `role ${miss.assignment.roleId} at ${miss.assignment.scopeId}: its definition could not be read`;
  }
}

const held = ({ role, assignment }: Extract<NearMiss, { readonly role: unknown }>): string => `role ${role.name} at ${assignment.scopeId}`;

const whereWords = {
  below: 'reaches a part of the target only',
  beside: 'lies beside the target',
  'above-unknown': 'whether that management group holds the target could not be read',
} as const;

const section = (heading: string, lines: readonly string[], paint: Paint): readonly string[] =>
  lines.length === 0 ? [] : ['', paint.strong(heading), ...lines.map((line) => `  ${oneLine(line)}`)];
