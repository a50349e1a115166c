import type { IsMine, Rule, Violation } from '../rules/index.ts';
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
export function owns({ principal, subject }: Violation, { reach }: Pick<Rule, 'reach'>, { part, parts }: Part): boolean {
  const owner = reach?.owner === 'subject' ? subject : (principal?.id ?? subject);
  return partOf(owner, parts) === part;
}
