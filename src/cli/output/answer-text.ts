import { missSentence, pathSentence } from '../../jobs/access-sentences.ts';
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
    ...section('By', answer.paths.map(pathSentence), paint),
    ...section(
      'Denied by',
      answer.denies.map((deny) => `deny assignment ${deny.name || deny.id} at ${deny.scopeId}`),
      paint,
    ),
    ...section('Near, but not enough', answer.paths.length === 0 ? answer.nearMisses.map(missSentence) : [], paint),
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

const section = (heading: string, lines: readonly string[], paint: Paint): readonly string[] =>
  lines.length === 0 ? [] : ['', paint.strong(heading), ...lines.map((line) => `  ${oneLine(line)}`)];
