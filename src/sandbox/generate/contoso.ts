import { landscape } from './landscape.ts';
import type { Planted } from './planted.ts';
import { stories } from './stories/index.ts';
import { Tenant } from './tenant.ts';

/** The clock of generated worlds, unless they are given another. */
export const defaultNow = '2026-11-20T08:00:00Z';

export interface ContosoOptions {
  readonly seed?: number;
  /** ISO instant. */
  readonly now?: string;
}

/** The built-in world: believable, small, with every rule's problem planted beside something that must not be found. */
export async function writeContoso(dir: string, options: ContosoOptions = {}): Promise<readonly Planted[]> {
  const { tenant, planted } = contoso(options);
  await tenant.write(dir);
  return planted;
}

/** The same world before it is written. */
export function contoso(options: ContosoOptions = {}): { readonly tenant: Tenant; readonly planted: readonly Planted[] } {
  const tenant = new Tenant({ name: 'contoso', now: options.now ?? defaultNow, seed: options.seed ?? 1 });
  const land = landscape(tenant);
  return { tenant, planted: stories.flatMap((story) => story.plant(land)) };
}
