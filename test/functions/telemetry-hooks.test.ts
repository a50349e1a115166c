import { InvocationContext, PostInvocationContext, PreInvocationContext } from '@azure/functions';
import { trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { telemetryHooks } from '../../src/functions/telemetry.ts';
import { inJob } from '../../src/telemetry/index.ts';

const printed: string[] = [];
vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
afterEach(() => void printed.splice(0));

const words = { why: String, isSkipped: () => false };
const job = (): Promise<string> => inJob('prune', words, async () => 'done');

/** One invocation between the hooks, as the worker makes it. */
async function invoke(hooks: ReturnType<typeof telemetryHooks>, type: string, work: () => Promise<unknown>): Promise<unknown> {
  const invocationContext = new InvocationContext({ options: { trigger: { type, name: 'x' } } });
  const before = new PreInvocationContext({ inputs: [], invocationContext, functionCallback: work });
  await hooks.before(before);
  const after = new PostInvocationContext({ inputs: [], invocationContext });
  try {
    after.result = await before.functionHandler({}, invocationContext);
  } catch (error) {
    after.error = error;
  }
  await hooks.after(after);
  return after.error ?? after.result;
}

describe('around an invocation', () => {
  it('a timer has told when it ends, and a stop tells the rest', async () => {
    const hooks = telemetryHooks(() => ({ TELEMETRY: 'console' }), '1');
    expect(await invoke(hooks, 'timerTrigger', job)).toBe('done');
    expect(printed.join('\n')).toMatch(/^span {3}mi_audit\.prune[^]*^metric mi_audit\.run\.duration = 1 times/m);
    await hooks.end();
    expect(trace.getTracer('x').startSpan('x').isRecording()).toBe(false);
  });

  it('a request does not wait for it, and the next ones are told', async () => {
    const hooks = telemetryHooks(() => ({ TELEMETRY: 'console' }), '1');
    expect(await invoke(hooks, 'httpTrigger', job)).toBe('done');
    expect(printed).toEqual([]);
    await vi.waitFor(() => expect(trace.getTracer('x').startSpan('x').isRecording()).toBe(true), 20_000);
    await invoke(hooks, 'httpTrigger', job);
    expect(printed.join('\n')).toMatch(/^span {3}mi_audit\.prune/m);
    await hooks.end();
  });

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['nothing is set', {}],
    [
      'it is switched off',
      { TELEMETRY: 'off', APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=5a3d2c1b-0000-4000-8000-00000000c0de' },
    ],
    ['a setting is wrong', { TELEMETRY: 'console', CREDENTIAL: 'guess' }],
    ['its own setting is wrong', { APPLICATIONINSIGHTS_CONNECTION_STRING: 'nonsense' }],
  ])('works as ever where %s', async (_, environment) => {
    const hooks = telemetryHooks(() => environment, '1');
    expect(await invoke(hooks, 'timerTrigger', job)).toBe('done');
    expect(await invoke(hooks, 'queueTrigger', () => Promise.reject(new Error('no')))).toMatchObject({ message: 'no' });
    await hooks.end();
    expect(printed).toEqual([]);
  });

  it('the host is told of an error without what nobody may read', async () => {
    const hooks = telemetryHooks(() => ({}), '1');
    const error = await invoke(hooks, 'timerTrigger', () => Promise.reject(new TypeError('smtp://me:hunter2@mail.example refused')));
    expect(error).toMatchObject({ name: 'TypeError', message: 'smtp://[left out]@mail.example refused' });
    expect(String((error as Error).stack)).not.toContain('hunter2');
    await hooks.end();
  });
});
