import type { TagsOf } from '../findings/index.ts';
import type { StoredIncident } from '../incidents/index.ts';
import { noticeId, type Notice } from './notice.ts';
import { tagsAround } from './notice-tags.ts';

/** The incidents whose life went on in this pass: opened, grown, resolved. That it went quiet is not told, nor a cause that became clearer: the next message shows it. */
export function incidentNotices(
  before: ReadonlyMap<string, StoredIncident>,
  after: readonly StoredIncident[],
  { tagsOf, runId, now }: { readonly tagsOf: TagsOf; readonly runId: string; readonly now: string },
): readonly Notice[] {
  return after.flatMap((incident): readonly Notice[] => {
    const known = before.get(incident.id);
    const revision = incident.revision ?? 0;
    if (revision === (known?.revision ?? 0)) return [];
    const scopes = [...new Set([incident.principal.resourceId, ...incident.targets])].filter((id) => id.startsWith('/'));
    const isOver = incident.status === 'resolved';
    return [
      {
        id: noticeId(incident.id, revision),
        about: 'incident',
        subjectId: incident.id,
        revision,
        event: isOver ? 'resolved' : known === undefined ? 'opened' : 'grown',
        at: incident.changedAt ?? now,
        runId,
        severity: incident.severity,
        topic: incident.causes[0]?.id ?? 'unexplained',
        scopes,
        tags: tagsAround([...scopes, incident.principal.id], tagsOf),
        ...(isOver && known === undefined && { old: true }),
      },
    ];
  });
}
