import { z } from 'zod';
import { severities } from '../../rules/index.ts';

export const instant = z.string().describe('UTC instant, ISO 8601.');
export const Severity = z.enum(severities);
export const Confidence = z.enum(['certain', 'likely', 'possible']);
export const Counts = z.record(z.string(), z.number());

export const Evidence = z.object({
  label: z.string(),
  value: z.string(),
  source: z.enum(['resource-graph', 'arm', 'graph', 'logs', 'activity']),
});

export const Fix = z.object({
  text: z.string(),
  cli: z.string().exactOptional().describe('One complete az command that runs as printed.'),
  bicep: z.string().exactOptional(),
  terraform: z.string().exactOptional(),
});
