import * as az from '../../remedy/az.ts';
import type { Cause } from '../cause.ts';
import { checkGrants, refusal } from './steps.ts';

export const unexplained: Cause = {
  id: 'unexplained',
  title: 'No rule fits yet',
  explain: `The calls are refused and none of the known causes fits what could be seen. The incident lists what was seen, what could not be seen, and the next three checks.

**Before anything else** close the blind spots that the incident names: most of these turn into a named cause once the Activity Log, the directory or the target can be read.`,
  references: ['https://learn.microsoft.com/azure/role-based-access-control/troubleshooting'],
  needs: [],
  judge: (scene) => ({
    kind: 'fits',
    confidence: 'possible',
    weight: 0,
    why: `None of the known causes fits.${scene.unseen.length > 0 ? ` Not seen: ${[...new Set(scene.unseen)].map((text) => text.replace(/\.$/, '')).join('; ')}.` : ''}`,
    evidence: [refusal(scene)],
    fix: [{ text: 'Do the checks below before granting anything.' }],
    check: [...checkGrants(scene), scene.targetId && az.showResource(scene.targetId)],
  }),
};
