import type { Doorbell } from '../ports/index.ts';
import { sentence } from './error-sentence.ts';

/** A bell that fails costs minutes, not messages: the timer finds what waits. So it is said, and nothing else. */
export async function ring(doorbell: Doorbell | undefined, say: (line: string) => void, afterSeconds?: number): Promise<void> {
  try {
    await doorbell?.ring(afterSeconds);
  } catch (error) {
    say(`The queue that wakes the notifier could not be reached; messages go out with the next sweep. ${sentence(error)}`);
  }
}
