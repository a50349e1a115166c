import { permissionText } from '../../access/index.ts';
import type { Workspace } from '../../estate/index.ts';
import type { LogGap } from '../../ports/index.ts';
import type { Trouble } from '../trouble.ts';

export const logReadPermission = `Log Analytics Data Reader (${permissionText('log-queries')} and ${permissionText('log-tables')})`;
export const activityReadPermission = permissionText('activity-log');

/** Something that is logged and could not be read: the pass is incomplete. */
export function unread(slice: string, scope: string, state: LogGap['state'], why: string, permission = ''): LogGap {
  return { slice, scope, state, why, permission, command: '', failed: true };
}

export function troubleGap(slice: string, workspace: Workspace, trouble: Trouble): LogGap {
  const why = `The workspace ${workspace.name} could not be read: ${trouble.text}`;
  const permission = trouble.kind === 'forbidden' ? logReadPermission : '';
  return { ...unread(slice, workspace.id, 'missing', why, permission), ...(mayPass(trouble) && { passes: true }) };
}

/** A time-out or a busy service passes; a missing permission or a query that is not understood does not by asking again. */
export const mayPass = ({ kind }: Trouble): boolean => kind === 'throttled' || kind === 'unreachable' || kind === 'malformed';

export function partialGap(slice: string, workspace: Workspace, why: string): LogGap {
  return {
    ...unread(slice, workspace.id, 'partial', `The workspace ${workspace.name} gave a part of the answer only: ${why}`),
    passes: true,
  };
}

export function oddGap(slice: string, scope: string, count: number): readonly LogGap[] {
  if (count === 0) return [];
  return [
    unread(
      slice,
      scope,
      'partial',
      `${count} ${count === 1 ? 'row' : 'rows'} had a shape that the auditor does not understand and ${count === 1 ? 'was' : 'were'} left out.`,
    ),
  ];
}
