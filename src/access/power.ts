/**
 * What a role can do, evaluated from its permission blocks, never from its name. One value per role; rules combine it with scope.
 */
export interface Power {
  /** `*` on the control plane less at most a few notActions (Owner, Contributor and custom look-alikes). */
  readonly everything: boolean;
  /** Control-plane write over everything or a whole critical provider; the matching patterns, for evidence. */
  readonly broadWrite: readonly string[];
  /** Operations by which the holder can grant itself more (roleAssignments/write, roleDefinitions/write, elevateAccess, …). */
  readonly escalation: readonly string[];
  /** Data operations over secrets, keys, blobs, queues, … that it allows, as patterns. */
  readonly dataRead: readonly string[];
  readonly dataWrite: readonly string[];
  /** Control-plane actions that hand out secrets or keys (listKeys and kin). */
  readonly secretActions: readonly string[];
  /** May attach or run code as identities (assign/action, run command, …). */
  readonly attach: readonly string[];
  /** Wildcards in the definition as written that cover write or secrets. */
  readonly wildcards: readonly string[];
  /** Condition inside the role definition itself (31 built-in blocks carry one), as text. */
  readonly conditions: readonly string[];
  /** Changes no resource. Support tickets, alert rules and empty deployments, which most built-in readers may write, do not count. */
  readonly readOnly: boolean;
}
