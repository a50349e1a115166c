import { owned, type Story } from '../landscape.ts';
import { silent, type Planted } from '../planted.ts';

/** Nobody wrote down whose identity this is. Only contoso's policy asks for it, so the rule takes a setting. */
export const ownerless: Story = {
  name: 'ownerless',
  plant({ t, group, registry }) {
    const home = group('prototype', 'dev');
    const untagged = t.userAssignedIdentity(home, 'id-prototype-dev');
    const tagged = t.userAssignedIdentity(home, 'id-prototype-owned', { tags: { Owner: owned.owner } });
    for (const [host, identity] of [
      ['ca-prototype', untagged],
      ['ca-prototype-owned', tagged],
    ] as const) {
      t.host('containerApp', home, host, { userAssigned: [identity], tags: owned });
      t.assign(identity, 'AcrPull', registry);
    }
    const asked: Pick<Planted, 'setting'> = { setting: 'REQUIRED_TAGS=owner' };
    return [
      { problem: 'unowned-identity', subject: untagged.id, expect: 'finding', note: 'no owner tag', ...asked },
      { ...silent('unowned-identity', tagged, 'tag names are case-insensitive in Azure: Owner is owner'), ...asked },
      silent('unowned-identity', untagged, 'the rule is off unless tags or a pattern are asked for'),
    ];
  },
};
