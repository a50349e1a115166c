import type { Incident } from '../incidents/index.ts';

/** Who is refused by what, in one line. */
export function titleOf({ principal, attribution, targets, service }: Incident): string {
  const name = principal.name || principal.id || principal.clientId || principal.resourceId || 'A caller that the log does not name';
  const target = lastPart(targets[0] ?? '') || service;
  const more = targets.length > 1 ? ` and ${targets.length - 1} more` : '';
  return `${attribution === 'inferred' ? `Probably ${name}` : name} is refused by ${target}${more}`;
}

const lastPart = (id: string): string => id.replace(/\/+$/, '').split('/').at(-1) ?? '';
