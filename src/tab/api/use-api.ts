import { createContext, use } from 'react';
import type { Me, Role } from '../../api/contract/index.ts';
import type { Api } from './ask.ts';

/** Who is signed in, and the way to the API. */
export interface Access {
  readonly api: Api;
  readonly me: Me;
}

export const AccessContext = createContext<Access | undefined>(undefined);

export function useAccess(): Access {
  const access = use(AccessContext);
  if (access === undefined) throw new Error('Nobody is signed in here.');
  return access;
}

/** Findings.Manage includes Findings.Read. The API decides; this only spares people buttons that would answer no. */
export const mayDo = ({ roles }: Me, role: Role): boolean =>
  roles.includes(role) || (role === 'Findings.Read' && roles.includes('Findings.Manage'));
