import type { Access } from '../access/index.ts';
import type { Assignment, Estate, PrincipalId, Slice } from '../estate/index.ts';
import type { MadeGrant } from './made-grant.ts';
import type { RuleSettings } from './settings.ts';
import type { Confidence, Severity, Violation } from './violation.ts';

/**
 * What a rule asks of a slice. A rule reads no slice that it does not name (a test reads along).
 *
 * `each`: it judges single items; where the slice is partial it judges what was seen, and findings under the gap stay as they were.
 * `anywhere`: like `each`, but the evidence about one item may lie anywhere (an identity here, its hosts there): while anything is unseen,
 *   no earlier finding of the rule is taken back.
 * `local`: it infers from absence at the item's own scope (no federated credential *on this identity*): an item that a gap covers, or
 *   that a gap lies in, stays unjudged; the rest is judged.
 * `whole`: it infers from absence anywhere (no host *at all*): any gap makes it inconclusive.
 * `kept`: it judges what it has without it (grants held through groups, without Graph), and could have judged more: a gap closes nothing and takes
 *   nothing back.
 * `hint`: it takes names, descriptions or mitigating facts from there, and its yes or no does not depend on them.
 */
export type Need = 'each' | 'anywhere' | 'local' | 'whole' | 'kept' | 'hint';

/** What earlier runs knew. Empty on a first run or without a store. */
export interface Memory {
  /** Principals that an earlier *completed* run saw missing: principal → instant of that first sighting. */
  readonly missingSince: ReadonlyMap<PrincipalId, string>;
  /** Identities that earlier runs saw alive: what a vanished principal was. */
  readonly lastSeen: ReadonlyMap<PrincipalId, RememberedIdentity>;
  /** Grants that the watch saw being made and follows, and who ever made one (caller → first seen). Absent: no watch has run on this store. */
  readonly grantsMade?: readonly MadeGrant[];
  readonly callersSeen?: ReadonlyMap<string, string>;
}

export interface RememberedIdentity {
  readonly kind: 'system-assigned' | 'user-assigned';
  readonly resourceId: string;
  readonly name: string;
  readonly lastSeenAt: string;
}

export interface RuleInput {
  readonly estate: Estate;
  readonly access: Access;
  readonly settings: RuleSettings;
  readonly memory: Memory;
  /** Instant of the audit. */
  readonly now: string;
}

/**
 * What a rule needs in a sharded audit beyond what every part has: the assignments of the principals that fall to it (`isMine`), of the groups those
 * are in, and everything that is no assignment. A rule that compares a principal with others, or judges a thing that many hold, says so here.
 */
export interface Reach {
  /** Whose part a violation is told by: its principal's unless told otherwise, its subject's where it names none. */
  readonly owner?: 'subject';
  /** Principals whose assignments the part needs besides. The estate of `input` holds no assignments yet. */
  readonly principals?: (input: RuleInput, isMine: IsMine) => Iterable<PrincipalId>;
  /** Single assignments that the part needs, whoever holds them. */
  readonly assignments?: (input: RuleInput, isMine: IsMine) => (assignment: Assignment) => boolean;
}

/** Does this principal or thing fall to the part? */
export type IsMine = (id: string) => boolean;

/** A rule is a small file: metadata on top, one function below. File name = id. */
export interface Rule {
  /** Noun of the failing state, readable after "accept the risk of". */
  readonly id: string;
  readonly title: string;
  /** Why it matters, for the documentation page and for `explain`. Markdown, two to five sentences. */
  readonly why: string;
  /** How to fix it in general; each violation carries its exact fix. Markdown. */
  readonly fix: string;
  /** Usual severity and confidence; a violation may differ. */
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly needs: Readonly<Partial<Record<Slice, Need>>>;
  /** Controls such as `CIS 6.0.0 5.3.4`, `MCSB PA-7`. */
  readonly controls: readonly string[];
  /** Documents and threads that the decision rests on (https). */
  readonly references: readonly string[];
  /** False: off unless settings turn it on. */
  readonly enabled?: (settings: RuleSettings) => boolean;
  /** A reason beyond gaps why nothing can be judged in this run (a canary that stayed invisible). */
  readonly inconclusive?: (input: RuleInput) => string | undefined;
  /** What has to run besides audits before there is anything to judge, as a reason why not yet. An audit by itself is no less complete for it. */
  readonly awaits?: (input: RuleInput) => string | undefined;
  /** Absent: it judges each principal by what that principal holds. */
  readonly reach?: Reach;
  readonly judge: (input: RuleInput) => Iterable<Violation>;
}
