import type { InvocationContext } from '@azure/functions';
import { openHouse, type House, type KeptStore } from '../compose.ts';
import type { Settings } from '../config/index.ts';
import { deployedSettings } from './deployed-settings.ts';

export interface Inside {
  readonly house: House;
  readonly settings: Settings;
  readonly store: KeptStore;
  readonly progress: (line: string) => void;
  readonly warn: (line: string) => void;
}

/** Opens the house of the app settings for one invocation, and closes it whatever happens. */
export async function inHouse(context: InvocationContext, work: (inside: Inside) => Promise<void>): Promise<void> {
  const settings = deployedSettings(process.env);
  const house = openHouse(settings, (line) => context.info(line));
  try {
    await work({
      house,
      settings,
      store: await house.keptStore(),
      progress: (line) => context.debug(line),
      warn: (line) => context.warn(line),
    });
  } finally {
    await house.close();
  }
}
