import type { IsMine, Reach, Rule, Violation } from '../rules/index.ts';
import { partOf, type Part } from './part-of.ts';

/** Does this principal or thing fall to the part? */
export const mineIn =
  ({ part, parts }: Part): IsMine =>
  (id) =>
    partOf(id, parts) === part;

/**
 * Is the violation this part's to tell? Every part sees some of the others' principals too, and only some of what those hold: what it finds there is
 * left to the part that holds all of it, so that each violation is told once.
 */
export function owns(violation: Violation, { reach }: Pick<Rule, 'reach'>, part: Part): boolean {
  const owner = ownerOf(violation, reach);
  return owner === undefined || partOf(owner, part.parts) === part.part;
}

/** Undefined: whoever was given what it rests on. */
function ownerOf({ principal, subject }: Violation, reach: Reach | undefined): string | undefined {
  switch (reach?.owner ?? 'principal') {
    case 'principal':
      return principal?.id ?? subject;
    case 'subject':
      return subject;
    case 'part':
      return undefined;
  }
}
