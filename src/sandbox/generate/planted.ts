/**
 * One problem that a generated world carries on purpose, or something that looks like it and is none. The list is the ground truth of the
 * golden test and of docs/contoso.md.
 */
export interface Planted {
  /** Rule or cause id; for a look-alike `look-alike of <id>`. */
  readonly problem: string;
  /** ARM id or principal id of the thing that a finding would be about. */
  readonly subject: string;
  /**
   * `lowered`: found, at less than the rule's usual severity, since Azure itself asked for it or a condition narrows it. `incident`: the watch opens one
   * about this principal, with this cause first. `calm`: refused calls that page nobody.
   */
  readonly expect: 'finding' | 'lowered' | 'silent' | 'incident' | 'calm';
  readonly note: string;
  /** The setting it takes, where the rule is off by default. */
  readonly setting?: string;
}

interface Subject {
  readonly id: string;
}

export const finding = (rule: string, subject: Subject, note: string): Planted => ({
  problem: rule,
  subject: subject.id,
  expect: 'finding',
  note,
});

export const lowered = (rule: string, subject: Subject, note: string): Planted => ({
  problem: rule,
  subject: subject.id,
  expect: 'lowered',
  note,
});

export const silent = (rule: string, subject: Subject, note: string): Planted => ({
  problem: `look-alike of ${rule}`,
  subject: subject.id,
  expect: 'silent',
  note,
});

/** `who` was refused, and the watch must name this cause first. */
export const incident = (cause: string, who: { readonly principalId: string }, note: string): Planted => ({
  problem: cause,
  subject: who.principalId,
  expect: 'incident',
  note,
});

export const calm = (kind: string, who: { readonly principalId: string }, note: string): Planted => ({
  problem: `look-alike of ${kind}`,
  subject: who.principalId,
  expect: 'calm',
  note,
});
