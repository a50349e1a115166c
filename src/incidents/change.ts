/** A change that the Activity Log recorded, each once (Started joined with its result). */
export interface Change {
  readonly kind:
    | 'assignment-made'
    | 'assignment-removed'
    | 'role-definition-changed'
    | 'access-elevated'
    | 'identity-written'
    | 'identity-removed'
    | 'identity-attached'
    | 'federated-credential-written'
    | 'federated-credential-removed'
    | 'vault-written'
    | 'vault-policy-written'
    | 'network-changed'
    | 'host-written'
    | 'lock-written'
    | 'policy-written';
  readonly at: string;
  readonly eventId: string;
  readonly correlationId: string;
  /** ARM id of what changed, as the log gives it. */
  readonly resourceId: string;
  /** Who did it: user principal name or object id. Text from outside. */
  readonly caller: string;
  readonly callerObjectId: string;
  /** Application of the caller's token, and where the request came from. Absent where the log does not say. */
  readonly callerAppId?: string;
  readonly callerAddress?: string;
  readonly succeeded: boolean;
  /** From the request body where it has one: the grant (`principalId`, `roleDefinitionId`, `scope`), the vault's new mode, … */
  readonly details: Readonly<Record<string, string>>;
}
