import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** Who may borrow an identity holds what the identity holds. */
export const patching: Story = {
  name: 'patching',
  plant({ t, prod, group }) {
    const home = group('patching', 'prod');
    const machine = (name: string) => {
      const identity = t.userAssignedIdentity(home, `id-patching-${name}`, { tags: owned });
      t.host('virtualMachine', home, `vm-patching-${name}`, { userAssigned: [identity], tags: owned });
      return identity;
    };
    const powerful = machine('fleet');
    t.assign(powerful, 'Contributor', prod, { createdOn: t.ago({ days: 10 }) });
    const modest = machine('reports');
    t.assign(modest, 'Reader', prod);
    const operator = t.host('functionApp', group('scheduler', 'prod'), 'func-scheduler-prod', { systemAssigned: true, tags: owned });
    t.assign(operator.identity!, 'Managed Identity Operator', home);

    return [
      finding(
        'attach-right-on-powerful-identity',
        { id: powerful.principalId },
        'the scheduler may attach it, and holds no broad grant itself',
      ),
      silent('attach-right-on-powerful-identity', { id: modest.principalId }, 'the scheduler may attach it too, but it only reads'),
      silent('privileged-role-at-broad-scope', operator, 'Managed Identity Operator on one resource group'),
    ];
  },
};
