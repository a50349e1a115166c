import { assign, blobDataReader, estate, sub, userAssigned } from '../../build/estate.ts';
import { blobRefused, minutes, storageId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const never =
  "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'orders'))";
const conditioned = estate({
  identities: [app],
  assignments: [assign(app.principalId, blobDataReader, storageId('stpay'), { condition: never })],
});

causeTable('condition-not-met', {
  fires: [
    {
      name: 'a grant for one container',
      estate: conditioned,
      denials: [blobRefused(app)],
      confidence: 'likely',
      why: /carries a condition/,
      cli: [/^az role assignment list --scope /],
    },
    {
      name: 'a refusal that names the condition',
      estate: conditioned,
      denials: [
        blobRefused(app, { sample: 'The client has an authorization with ABAC conditions that are not fulfilled to perform the action.' }),
      ],
      confidence: 'certain',
    },
  ],
  neighbours: [
    {
      name: 'a second grant without the condition',
      estate: estate({
        identities: [app],
        assignments: [...conditioned.assignments, assign(app.principalId, blobDataReader, sub('prod'), { createdAt: minutes(20) })],
      }),
      denials: [blobRefused(app)],
      instead: 'unexplained',
    },
    {
      name: "storage's word for network rules",
      estate: conditioned,
      denials: [blobRefused(app, { reason: 'AuthorizationFailure', sample: 'This request is not authorized to perform this operation.' })],
      instead: 'network-rule',
    },
    {
      name: 'a conditioned grant elsewhere',
      estate: estate({
        identities: [app],
        assignments: [assign(app.principalId, blobDataReader, storageId('stother'), { condition: never })],
      }),
      denials: [blobRefused(app)],
      instead: 'role-at-wrong-scope',
    },
  ],
});
