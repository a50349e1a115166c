import { owned, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';

/** Identities with rights in the directory itself. */
export const peopleSync: Story = {
  name: 'people sync',
  plant({ t, group }) {
    const home = group('people', 'platform');
    const worker = (name: string) => t.host('logicApp', home, `logic-people-${name}`, { systemAssigned: true, tags: owned }).identity!;
    const graph = t.directory.microsoftGraph();

    const joiner = worker('joiner');
    // AppRoleAssignment.ReadWrite.All
    t.directory.appRole(joiner, '06b708a9-e830-4db3-a914-8e69da51d44f', graph);
    const reader = worker('reader');
    // User.Read.All
    t.directory.appRole(reader, 'df021288-bdef-4463-88db-98f22de89214', graph);

    return [
      finding('directory-power', { id: joiner.principalId }, 'may grant itself every other application permission'),
      silent('directory-power', { id: reader.principalId }, 'reads users, changes nothing'),
    ];
  },
};
