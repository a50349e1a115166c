import type { Incident } from '../../incidents/index.ts';
import type { Sheet } from './sheet.ts';

/** Incidents as rows, for spreadsheets. */
export function incidentSheet(incidents: readonly Incident[]): Sheet {
  return {
    columns: [
      'severity',
      'status',
      'kind',
      'who',
      'principal',
      'service',
      'targets',
      'operations',
      'codes',
      'denials',
      'first',
      'last',
      'cause',
      'confidence',
      'why',
      'fix',
      'id',
    ].map((title) => ({ title, share: 1 })),
    rows: incidents.map((one) => [
      one.severity,
      one.status,
      one.kind,
      whoOf(one),
      one.principal.id,
      one.service,
      one.targets.join(' '),
      one.operations.join(' '),
      one.statusCodes.join(' '),
      String(one.denials),
      one.firstDenialAt,
      one.lastDenialAt,
      one.causes[0]?.id ?? '',
      one.causes[0]?.confidence ?? '',
      one.causes[0]?.why ?? '',
      one.causes[0]?.fix.map((step) => step.cli ?? step.text).join('\n') ?? '',
      one.id,
    ]),
  };
}

export const whoOf = ({ principal, attribution }: Incident): string => {
  const name = principal.name || principal.id || principal.clientId || principal.resourceId || 'a caller that the log does not name';
  return attribution === 'inferred' ? `probably ${name}` : name;
};
