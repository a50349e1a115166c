import { byViolation, compare, worstFirst, type Reconciled } from './reconcile.ts';
import { mergeSummaries } from './summary.ts';

/**
 * Any division by id of finding (known ones, exceptions and violations alike), reconciled piece by piece, says together what reconciling all of it at once
 * says: no finding asks about another.
 */
export function mergeReconciled(pieces: Iterable<Reconciled>): Reconciled {
  const all = [...pieces];
  return {
    changes: {
      findings: all.flatMap(({ changes }) => changes.findings).sort((a, b) => compare(a.id, b.id)),
      history: all.flatMap(({ changes }) => changes.history).sort((a, b) => compare(a.findingId, b.findingId) || a.revision - b.revision),
    },
    findings: all.flatMap(({ findings }) => findings).sort((a, b) => worstFirst(a, b) || compare(a.id, b.id)),
    summary: mergeSummaries(all.map(({ summary }) => summary)),
    excluded: all.flatMap(({ excluded }) => excluded).sort(byViolation),
    idleExceptions: all.flatMap(({ idleExceptions }) => idleExceptions).sort((a, b) => compare(a.id, b.id)),
  };
}
