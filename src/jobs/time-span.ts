/** Instants are ISO 8601, UTC. */
export const hoursBefore = (instant: string, hours: number): string => new Date(Date.parse(instant) - hours * 3_600_000).toISOString();
export const hoursAfter = (instant: string, hours: number): string => new Date(Date.parse(instant) + hours * 3_600_000).toISOString();
export const earlier = (a: string, b: string): string => (Date.parse(a) < Date.parse(b) ? a : b);
