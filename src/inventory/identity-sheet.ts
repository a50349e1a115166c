import type { Severity } from '../rules/index.ts';

/** Everything an audit knew of one managed identity, as it is stored and shown: by review, API, page and runbook. */
export interface IdentitySheet {
  readonly principalId: string;
  readonly clientId: string;
  readonly kind: 'system-assigned' | 'user-assigned';
  readonly name: string;
  readonly resourceId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ARM ids of the resources it is attached to. */
  readonly hosts: readonly { readonly id: string; readonly kind: string }[];
  readonly federatedCredentials: readonly {
    readonly name: string;
    readonly issuer: string;
    /** Subject, or the expression that stands for many. */
    readonly subject: string;
  }[];
  readonly holdings: readonly Holding[];
  /** Who can run as it: by attaching it, or by running code on a host. Most powerful first. */
  readonly actors: readonly Actor[];
  /** Instant of the latest audit that saw it. */
  readonly seenAt: string;
  /** How many of each list are not kept here, because there are very many of them; absent: all are. The least severe are left out. */
  readonly more?: Readonly<Partial<Record<'hosts' | 'holdings' | 'actors', number>>>;
}

/** One grant that reaches the identity. */
export interface Holding {
  /** Role assignment's ARM id, or the id of the vault or database policy. */
  readonly id: string;
  readonly plane: 'control' | 'data' | 'both' | 'none';
  readonly role: { readonly id: string; readonly name: string };
  readonly scope: string;
  readonly scopeLevel: 'tenant' | 'management-group' | 'subscription' | 'resource-group' | 'resource';
  /** Group it comes through; absent: given to the identity itself. */
  readonly through?: string;
  /** Absent: its name could not be read. */
  readonly throughName?: string;
  readonly conditional: boolean;
  readonly grantedAt: string;
  readonly grantedBy: string;
  /** Absent: an audit does not look up who made a grant, and this one is known from nowhere else. */
  readonly grantedByName?: string;
  /** How bad the grant is by what it allows, not by its name; absent: a data role on one resource. */
  readonly severity?: Severity;
  /** Why anybody should ask about it, in a sentence; absent: nothing to ask. */
  readonly question?: string;
  /** How many identities, hosts, vaults, clusters and workspaces lie below its scope, as far as the audit saw; absent on one resource. */
  readonly reach?: number;
}

export interface Actor {
  readonly principalId: string;
  readonly name: string;
  readonly kind: string;
  /** `attach`: to something of its own. `trust`: lets an outside token in. `run-code`: on a host. `federated`: is let in by a credential. */
  readonly way: string;
  readonly role: string;
  readonly scope: string;
}
