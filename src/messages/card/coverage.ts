import type { MessageContext, MessageGap } from '../message.ts';
import { faint, line, run, strong, type CardElement } from './elements.ts';
import { shown } from './foreign-text.ts';
import { lastPart, place, sentence } from './names.ts';
import { fold, mono } from './parts.ts';
import type { Room } from './room.ts';

/** What the run could not see. Said on every card, and when it saw everything that is said too. */
export function coverageLine({ gaps }: MessageContext): CardElement {
  const place = { spacing: 'Medium', separator: true } as const;
  if (gaps.length === 0) return line([faint('Coverage: this run saw everything it asked for.')], place);
  const named = gaps.slice(0, gapsNamed).map((gap) => {
    const where = gap.scope === '/' || gap.scope === '' ? '' : ` of ${shown(lastPart(gap.scope), 80)}`;
    return `${whatOf(gap)}${where}`;
  });
  const rest = gaps.length - named.length;
  return line(
    [
      run('Not seen: ', { weight: 'Bolder', color: 'Warning' }),
      run(`${named.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}. `),
      faint('What is wrong there is not in this message. How to close it: '),
      mono(elsewhere),
    ],
    place,
  );
}

/** The same with the reasons, folded away. */
export const unseenFold = (context: MessageContext, room: Room): ReturnType<typeof fold> =>
  fold('Not seen', context.gaps, room.gaps, (gap) => [gapLine(gap, context, room)], elsewhere);

function gapLine(gap: MessageGap, context: MessageContext, room: Room): CardElement {
  const { scope, why, permission } = gap;
  const max = Math.min(room.textBytes, 240);
  return line(
    [
      strong(whatOf(gap)),
      run(` in ${shown(place(scope, context), max)}: ${sentence(why, context, max)}`),
      run(permission === '' ? '' : ` Needs ${shown(permission, max)}.`),
    ].filter(({ text }) => text !== ''),
    { spacing: 'Small' },
  );
}

/** `roleAssignments`, `logs:service-bus` */
function whatOf({ slice, state }: MessageGap): string {
  const [, log] = /^logs:(.+)$/.exec(slice) ?? [];
  const name = log === undefined ? slice.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase() : `${log.replaceAll('-', ' ')} logs`;
  return `${state === 'partial' ? 'a part of ' : ''}${shown(name, 60)}`;
}

const elsewhere = 'mi-audit doctor';
const gapsNamed = 3;
