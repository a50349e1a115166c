import { columns, table, type Cell, type Section } from '../document.ts';
import { day, grouped, placeOf, plural, shortened } from '../foreign.ts';
import type { Review, RuleOfMonth } from '../review.ts';

const evidenceCharsMax = 240;

export function orphansSection(review: Review): Section {
  const { orphans, subscriptions } = review;
  const unsure = orphans.filter(({ proof }) => proof !== 'deleted').length;
  const blind = unchecked(review, (id) => id.startsWith('orphaned-'));
  return {
    id: 'orphans',
    title: 'Orphaned grants',
    tone: blind !== '' || orphans.length > 0 ? 'warning' : 'good',
    lead: `${
      orphans.length === 0
        ? 'No grant of a principal that is gone was found.'
        : `${plural(orphans.length, 'grant')} of principals that are gone, each with what proves it.${unsure === 0 ? '' : ` For ${grouped(unsure)} the proof is weaker than a deletion on record: read it before deleting anything.`}`
    }${blind}`,
    blocks:
      orphans.length === 0
        ? []
        : [
            table(
              'Grants of principals that are gone',
              columns('Severity', 'Principal', 'Grant', 'Proof', 'Evidence', 'Since'),
              orphans,
              (one): readonly Cell[] => [
                { kind: 'severity', severity: one.severity },
                { kind: 'noted', text: one.name || 'name not known', note: one.principalId },
                { kind: 'noted', text: one.role || 'access policy', note: placeOf(one.scope, subscriptions) },
                { kind: 'noted', text: one.proof || 'not proven', note: one.accepted ? `${one.confidence}, accepted` : one.confidence },
                one.unjudged === ''
                  ? shortened(one.evidence, evidenceCharsMax)
                  : {
                      kind: 'noted',
                      text: shortened(one.evidence, evidenceCharsMax),
                      note: `not judged in the latest audit: ${one.unjudged}`,
                    },
                { kind: 'when', text: day(one.firstSeenAt) },
              ],
              'orphans',
            ),
          ],
  };
}

export function recreatedSection(review: Review): Section {
  const { recreated } = review;
  const blind = unchecked(review, (id) => id === 'recreated-identity');
  return {
    id: 'recreated',
    title: 'Re-created identities',
    tone: blind !== '' || recreated.length > 0 ? 'warning' : 'good',
    lead: `${recreated.length === 0 ? 'No identity was seen that took the place of an older one and lacks its grants.' : `${plural(recreated.length, 'identity', 'identities')} took the place of an older one and lack${recreated.length === 1 ? 's' : ''} what that one held.`}${blind}`,
    blocks:
      recreated.length === 0
        ? []
        : [
            table(
              'Identities that took the place of an older one',
              columns('Severity', 'Identity', 'What is missing', 'Since', 'Command'),
              recreated,
              (one): readonly Cell[] => [
                { kind: 'severity', severity: one.severity },
                { kind: 'noted', text: one.name, note: one.principalId },
                one.message,
                { kind: 'when', text: day(one.firstSeenAt) },
                one.fix.startsWith('az ') ? { kind: 'code', text: one.fix } : one.fix,
              ],
              'recreated',
            ),
          ],
  };
}

/** Blind is not clean: an empty list of a rule that was not checked is no good news. */
function unchecked({ coverage }: Review, wanted: (id: string) => boolean): string {
  const open: readonly RuleOfMonth[] = coverage.rules.filter(({ id, latest }) => wanted(id) && latest !== 'checked');
  return open.length === 0 ? '' : ` Not all was judged: ${open.map(({ id, because }) => `${id}: ${because}`).join('; ')}.`;
}
