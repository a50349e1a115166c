import type { Landscape, Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';
import type { ManagementGroup } from '../rows/container.ts';

/** A management group takes 500 assignments and no more; one is close to it. */
export const assignmentLimits: Story = {
  name: 'assignment limits',
  plant(land) {
    const people = Array.from({ length: 70 }, (_, index) => land.t.directory.user(`Member ${String(index + 1).padStart(3, '0')}`));
    const fill = (group: ManagementGroup, roles: readonly string[]) =>
      people.forEach((one) => roles.forEach((role) => land.t.assign(one, role, group, { createdOn: since(land) })));
    fill(land.decommissioned, readers);
    fill(land.playground, readers.slice(0, 4));
    return [
      finding('assignment-limit-near', land.decommissioned, '420 of 500 role assignments'),
      silent('assignment-limit-near', land.playground, '280 of 500 role assignments'),
    ];
  },
};

const readers = ['Reader', 'Monitoring Reader', 'Log Analytics Reader', 'Security Reader', 'Cost Management Reader', 'Billing Reader'];

const since = ({ t }: Landscape): string => t.ago({ days: 90 });
