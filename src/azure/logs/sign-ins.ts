import { z } from 'zod';
import type { SignInSeries } from '../../ports/index.ts';
import { bins } from './denial-row.ts';

const row = z.object({
  principalId: z.string().max(128),
  clientId: z.string().max(128),
  audience: z.string().transform((given) => given.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 256)),
  hours: bins,
});

export function signInSeries(rows: readonly unknown[]): { readonly series: readonly SignInSeries[]; readonly odd: number } {
  const parsed = rows.map((given) => row.safeParse(given));
  const series = parsed.flatMap((one) => (one.success ? [one.data] : []));
  return { series, odd: rows.length - series.length };
}
