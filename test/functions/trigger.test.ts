import { InvocationContext, type Timer } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { onMessage, onTick } from '../../src/functions/trigger.ts';
import { AlreadyRunning } from '../../src/jobs/under-lease.ts';

const timer: Timer = { isPastDue: false, schedule: { adjustForDST: false }, scheduleStatus: { last: '', next: '', lastUpdated: '' } };
const around = () => {
  const logs: string[] = [];
  return { logs, context: new InvocationContext({ logHandler: (level, ...line) => void logs.push(`${level}: ${line.join(' ')}`) }) };
};
const circular: { self?: object } = {};
circular.self = circular;
const cause = new Error('no connection', { cause: new Error('certificate of another') });
const round = new Error('round');
round.cause = round;

describe('a handler', () => {
  it.each([
    [
      'a cause, and the cause of that',
      new Error('The store cannot be opened.', { cause }),
      /cannot be opened\. Because: no connection Because: cert/,
    ],
    [
      'several errors in one',
      new AggregateError([new Error('IPv6 refused'), new Error('IPv4 refused')], 'No way'),
      /No way.*IPv6.*IPv4 refused/,
    ],
    ['several without a message of their own', new AggregateError([cause, new Error('second')]), /no connection.*certificate.*second/],
    ['an error that is its own cause', round, /^error: round$/],
    ['a text', 'broken', /^error: broken$/],
    ['nothing at all', undefined, /^error: unknown error$/],
    ['null', null, /^error: unknown error$/],
    ['a number too large for JSON', 7n, /^error: 7$/],
    ['an object that holds itself', circular, /^error: an error that cannot be shown$/],
  ])('fails with %s, and the log says all of it', async (_name, thrown, said) => {
    for (const handler of [onTick(() => Promise.reject(thrown)), onMessage(() => Promise.reject(thrown))]) {
      const { logs, context } = around();
      const outcome = await Promise.resolve(handler(timer, context)).then(
        () => 'succeeded',
        (error: unknown) => error,
      );
      // Anything else, the worker takes for success or cannot show.
      expect(outcome).toBeInstanceOf(Error);
      expect(logs.at(-1)).toMatch(said);
    }
  });

  it.each([1n, circular, 'text', { a: 1 }])('returns nothing, whatever its work gave', async (value) => {
    const work = (): Promise<void> => Promise.resolve(value as never);
    const { context } = around();
    expect([await onTick(work)(timer, context), await onMessage(work)('', context)]).toEqual([undefined, undefined]);
  });

  it('ends well where another is at it', async () => {
    const { logs, context } = around();
    await onTick(() => Promise.reject(new AlreadyRunning('Another audit is running.')))(timer, context);
    expect(logs).toEqual(['information: Another audit is running.']);
  });
});
