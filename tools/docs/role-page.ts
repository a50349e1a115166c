import { roleActions } from '../../src/access/index.ts';
import type { Page } from './page.ts';

/** The auditor's custom role as Bicep loads it (infra/reader.*.bicep). */
export function rolePages(): readonly Page[] {
  const role = {
    roleName: 'mi-audit reader',
    description: 'Reads what the managed identity auditor judges, and nothing else. Generated from src/access/auditor-permissions.ts.',
    actions: roleActions,
  };
  return [{ path: 'infra/auditor-role.json', text: `${JSON.stringify(role, undefined, 2)}\n` }];
}
