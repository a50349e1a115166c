import { Command, Option } from 'commander';
import type { StoredIncident } from '../../incidents/index.ts';
import { publishedIncident } from '../../jobs/published-incident.ts';
import { instant, listOf, withFormat, withWorld, type CommonOptions } from '../options.ts';
import { incidentSheet } from '../output/incident-sheet.ts';
import { headline } from '../output/incident-text.ts';
import { paintWith } from '../output/paint.ts';
import { csvOf } from '../output/sheet.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';

interface IncidentsOptions extends CommonOptions {
  readonly status?: string;
  readonly severity?: string;
  readonly cause?: string;
  readonly principal?: string;
  readonly since?: string;
}

export function incidentsCommand(door: Door): Command {
  const command = new Command('incidents').description('query the stored incidents');
  return withFormat(withWorld(command), ['table', 'json', 'csv'])
    .option('--status <list>', 'of opened, grown, quiet, resolved; comma-separated (default: all but resolved)')
    .option('--severity <list>', 'severities, comma-separated')
    .option('--cause <list>', 'causes, comma-separated')
    .option('--principal <id>', 'object id, client id or ARM id of the identity')
    .addOption(new Option('--since <instant>', 'last refused call at or after').argParser(instant))
    .action(async (options: IncidentsOptions) => {
      const terminal = door.terminal(options);
      const { incidents, latest } = await inSession(options, terminal, async (session) => {
        const store = await session.house.keptStore();
        const [latest] = (await store.runs(200)).filter(({ job, state }) => job === 'watch' && state === 'finished');
        const incidents: StoredIncident[] = [];
        for await (const incident of store.incidents(filterOf(options))) incidents.push(incident);
        return { incidents, latest };
      });
      const paint = paintWith(terminal.colours);
      if (options.format === 'json') {
        terminal.print(
          JSON.stringify(
            { schema: 'mi-audit/incidents/v1', run: latest ?? null, incidents: incidents.map(publishedIncident) },
            undefined,
            2,
          ),
        );
      } else if (options.format === 'csv') terminal.print(csvOf(incidentSheet(incidents)));
      else if (latest === undefined) terminal.print(paint.warning('No watch has been stored yet: run mi-audit watch.'));
      else {
        const lines = incidents.flatMap((incident) => [
          ...headline(incident, paint),
          `  ${incident.causes[0]?.id ?? 'unexplained'}  ${paint.faint(incident.id)}`,
          '',
        ]);
        const whole = latest.complete ? '' : ' Something could not be read in that pass: mi-audit runs.';
        terminal.print(
          [
            ...(incidents.length === 0 ? ['No incidents match.', ''] : lines),
            paint.faint(`As of ${latest.finishedAt} (run ${latest.id}).${whole}`),
          ].join('\n'),
        );
      }
    });
}

function filterOf({ status, severity, cause, principal, since }: IncidentsOptions) {
  return {
    status: status === undefined ? ['opened', 'grown', 'quiet'] : listOf(status),
    ...(severity !== undefined && { severity: listOf(severity) }),
    ...(cause !== undefined && { cause: listOf(cause) }),
    ...(principal !== undefined && { principal }),
    ...(since !== undefined && { since }),
  };
}
