import type { StoredIncident } from '../../incidents/index.ts';
import { severities } from '../../rules/index.ts';
import { hoursBetween, within } from './period.ts';
import type { CauseOfMonth, IncidentLine, Period, ReviewIncidents } from './review.ts';
import { statistics } from './turns.ts';

/** Incidents that lived in the month: opened in it, or still alive when it began. By cause, with how long each took to end. */
export function incidentsOfMonth(
  incidents: readonly StoredIncident[],
  titleOf: (cause: string) => string,
  period: Period,
): ReviewIncidents {
  const list = incidents
    .filter((incident) => livedIn(incident, period))
    .map(lineOf)
    .toSorted(
      (a, b) =>
        severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
        (a.openedAt < b.openedAt ? -1 : Number(a.openedAt > b.openedAt)) ||
        (a.id < b.id ? -1 : 1),
    );
  const byCause = [...Map.groupBy(list, ({ cause }) => cause)]
    .map(([cause, lines]) => causeOf(cause, titleOf(cause), lines))
    .toSorted((a, b) => b.incidents - a.incidents || (a.cause < b.cause ? -1 : 1));
  return { list, byCause };
}

/** Rows of bursts that were joined with another are that one's, not incidents of their own. */
function livedIn({ openedAt, resolvedAt, resolvedBy = '' }: StoredIncident, period: Period): boolean {
  if (resolvedBy.startsWith('joined with ')) return false;
  if (within(period, openedAt)) return true;
  return Date.parse(openedAt) < Date.parse(period.from) && (resolvedAt === undefined || Date.parse(resolvedAt) >= Date.parse(period.from));
}

function lineOf(incident: StoredIncident): IncidentLine {
  const { principal, causes, targets, resolvedAt = '', resolvedBy = '' } = incident;
  return {
    id: incident.id,
    kind: incident.kind,
    severity: incident.severity,
    status: incident.status,
    who: principal.name || principal.id || principal.clientId || principal.resourceId || 'a caller that the log does not name',
    principalId: principal.id,
    inferred: incident.attribution === 'inferred',
    service: incident.service,
    target: targets[0] ?? '',
    targets: targets.length,
    cause: causes[0]?.id ?? 'unexplained',
    confidence: causes[0]?.confidence ?? 'possible',
    denials: incident.denials,
    openedAt: incident.openedAt,
    resolvedAt,
    resolvedBy,
    hours: resolvedAt === '' ? -1 : Math.round(hoursBetween(incident.openedAt, resolvedAt) * 10) / 10,
  };
}

function causeOf(cause: string, title: string, lines: readonly IncidentLine[]): CauseOfMonth {
  const { meanHours, medianHours } = statistics(lines.filter(({ hours }) => hours >= 0).map(({ hours }) => hours));
  return {
    cause,
    title,
    incidents: lines.length,
    alive: lines.filter(({ resolvedAt }) => resolvedAt === '').length,
    denials: lines.reduce((sum, { denials }) => sum + denials, 0),
    meanHours,
    medianHours,
  };
}
