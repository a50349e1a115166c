import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';
import type { SandboxRole } from '../role-definitions.ts';

/** Roles contoso wrote itself: their names say one thing, their wildcards another. */
export const customRoles: Story = {
  name: 'custom roles',
  plant({ t, dev, group }) {
    const home = group('operations', 'dev');
    const scopes = [dev];
    const robot = (name: string) => t.host('functionApp', home, `func-${name}-dev`, { systemAssigned: true, tags: owned }).identity!;

    const storage = t.customRole('Contoso Storage Operator', { actions: ['Microsoft.Storage/*'] }, scopes);
    const inventory = t.customRole('Contoso Inventory', { actions: ['*/read'] }, scopes);
    const network = t.customRole('Contoso Network Operator', { actions: ['Microsoft.Network/*'] }, scopes);
    const unused = t.customRole('Contoso Everything', { actions: ['*'] }, scopes);
    const modest = t.customRole('Contoso Reader', { actions: ['*'], notActions: ['Microsoft.Billing/*'] }, scopes);

    t.assign(robot('storage-operator'), storage, home);
    const reads = t.assign(robot('inventory'), inventory, dev);
    t.assign(t.directory.user('Operator 05'), network, home);
    const misnamed = t.assign(robot('modest'), modest, dev);

    return [
      finding('wildcard-custom-role', definition(storage), 'Microsoft.Storage/* writes everything and lists keys'),
      silent('wildcard-custom-role', definition(inventory), 'the wildcard covers reading only'),
      silent('privileged-role-at-broad-scope', reads, 'reads a whole subscription, writes nothing'),
      silent('wildcard-custom-role', definition(network), 'assigned to a person only'),
      silent('wildcard-custom-role', definition(unused), 'assigned to nobody'),
      finding('privileged-role-at-broad-scope', misnamed, 'called Reader, may do nearly everything: names decide nothing'),
    ];
  },
};

/** A role is named without the subscription that some rows put in front of it. */
const definition = (role: SandboxRole) => ({ id: `/providers/Microsoft.Authorization/roleDefinitions/${role.guid}` });
