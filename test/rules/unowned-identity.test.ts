import { expect, it } from 'vitest';
import { unownedIdentity } from '../../src/rules/unowned-identity.ts';
import { estate, userAssigned } from '../build/estate.ts';
import { judgeCase, ruleTable } from './rule-table.ts';

const app = userAssigned('app-prod-identity', undefined, { tags: { Owner: 'team-a' } });
const pattern = { identityNamePattern: '{app}-{env}-identity' };

ruleTable(unownedIdentity, {
  fires: [
    {
      name: 'a required tag is missing',
      estate: estate({ identities: [app] }),
      settings: { requiredTags: ['owner', 'costcentre'] },
      violations: [{ subject: app.resourceId, severity: 'low' }],
      says: ['lacks the tag costcentre'],
    },
    {
      name: 'a tag without a value is missing',
      estate: estate({ identities: [{ ...app, tags: { owner: ' ' } }] }),
      settings: { requiredTags: ['owner'] },
      violations: [{ subject: app.resourceId }],
    },
    {
      name: 'a name outside of the pattern',
      estate: estate({ identities: [userAssigned('id-app')] }),
      settings: pattern,
      violations: [{ confidence: 'certain' }],
      says: ['{app}-{env}-identity', 'cannot be renamed'],
    },
  ],
  silent: [
    { name: 'tags under another spelling', estate: estate({ identities: [app] }), settings: { requiredTags: ['OWNER'] } },
    {
      name: 'a name that fits, with dashes in it',
      estate: estate({ identities: [userAssigned('store-front-prod-identity')] }),
      settings: pattern,
    },
    {
      name: 'a system-assigned identity, which belongs to its resource',
      estate: estate({ identities: [{ ...app, kind: 'system-assigned', name: 'web', tags: {} }] }),
      settings: { ...pattern, requiredTags: ['owner'] },
    },
  ],
});

it('is off until a tag or a pattern is required', () => {
  expect(judgeCase(unownedIdentity, { estate: estate({ identities: [app] }) })).toEqual({
    verdicts: [],
    violations: [],
    off: ['unowned-identity'],
  });
});

it('takes characters of the pattern literally', () => {
  const judged = judgeCase(unownedIdentity, {
    estate: estate({ identities: [userAssigned('appXid')] }),
    settings: { identityNamePattern: '{app}.id' },
  });
  expect(judged.violations).toHaveLength(1);
});
