import { assign, blobDataReader, estate, guid, pid, sub, userAssigned } from '../../build/estate.ts';
import { armRefused, blobRefused, storageId, secretRefused } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const deny = {
  id: `${sub('prod')}/resourceGroups/rg-app/providers/Microsoft.Authorization/denyAssignments/${guid('deny')}`,
  name: 'Managed application',
  scope: estate().containers[1]!.key,
  scopeId: estate().containers[1]!.id,
  blocks: [{ actions: [], notActions: [], dataActions: ['*'], notDataActions: [] }],
  principals: [pid('everyone')],
  excludePrincipals: [],
  doNotApplyToChildScopes: false,
};
const everyone = { ...deny, principals: [principalIdOfEveryone()] };
const granted = estate({ identities: [app], assignments: [assign(app.principalId, blobDataReader, storageId('stpay'))] });

function principalIdOfEveryone() {
  return `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}` as ReturnType<typeof pid>;
}

causeTable('deny-assignment', {
  fires: [
    {
      name: 'a deny for everyone',
      estate: { ...granted, denyAssignments: [everyone] },
      denials: [blobRefused(app)],
      confidence: 'certain',
      why: /Managed application/,
      cli: [/^az rest --method get /],
    },
    {
      name: 'a deny that the log names',
      estate: granted,
      denials: [blobRefused(app, { denyAssignmentId: deny.id })],
      confidence: 'certain',
    },
    {
      name: 'a deny that the message names',
      estate: granted,
      denials: [
        armRefused(app, 'Microsoft.Storage/storageAccounts/write', storageId('stpay'), {
          sample:
            "The client has permission to perform the action; however, the access is denied because of the deny assignment with name 'x' and Id 'y'.",
        }),
      ],
      confidence: 'certain',
    },
  ],
  neighbours: [
    {
      name: 'a deny for somebody else',
      estate: { ...granted, denyAssignments: [deny] },
      denials: [blobRefused(app)],
      instead: 'unexplained',
    },
    {
      name: "a vault's log that says there was none",
      estate: estate({ identities: [app] }),
      denials: [secretRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'a log field that is null',
      estate: estate({ identities: [app] }),
      denials: [blobRefused(app, { denyAssignmentId: 'null' })],
      instead: 'missing-role',
    },
  ],
});
