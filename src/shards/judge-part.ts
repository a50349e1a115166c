import { openAccess, type Access } from '../access/index.ts';
import type { Estate } from '../estate/index.ts';
import { judge, type Judgement } from '../rules/index.ts';
import { owns } from './owner.ts';
import { estateOfPart, type PartRequest } from './part-estate.ts';

export interface JudgedPart {
  /** Serves the inventory too: of the identities that fall to the part, it holds all that their sheets show. */
  readonly estate: Estate;
  readonly access: Access;
  /** Every rule's verdict, and the violations that are this part's to tell. */
  readonly judgement: Judgement;
}

/** The unmodified rules over one part. All parts together say what one judgement of the whole estate says (`mergeJudgements`). */
export async function judgePart(request: PartRequest): Promise<JudgedPart> {
  const { memory, settings, rules, now, part, parts } = request;
  const estate = await estateOfPart(request);
  const access = openAccess(estate);
  const judgement = judge({
    estate,
    access,
    memory,
    settings,
    rules,
    now,
    isMine: (violation, rule) => owns(violation, rule, { part, parts }),
  });
  return { estate, access, judgement };
}
