import type { Incident, StoredIncident } from '../incidents/index.ts';

/** A stored incident with the fields of the published contract, in its order. */
export function publishedIncident(incident: StoredIncident): Incident & { readonly resolvedAt?: string; readonly resolvedBy?: string } {
  return {
    id: incident.id,
    kind: incident.kind,
    status: incident.status,
    severity: incident.severity,
    principal: incident.principal,
    attribution: incident.attribution,
    service: incident.service,
    targets: incident.targets,
    operations: incident.operations,
    statusCodes: incident.statusCodes,
    denials: incident.denials,
    firstDenialAt: incident.firstDenialAt,
    lastDenialAt: incident.lastDenialAt,
    openedAt: incident.openedAt,
    causes: incident.causes,
    ruledOut: incident.ruledOut,
    ...(incident.resolvedAt !== undefined && { resolvedAt: incident.resolvedAt }),
    ...(incident.resolvedBy !== undefined && { resolvedBy: incident.resolvedBy }),
  };
}
