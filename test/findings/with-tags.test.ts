import { describe, expect, it } from 'vitest';
import type { StoredFinding } from '../../src/findings/index.ts';
import { tagsInForce, withTags } from '../../src/findings/index.ts';
import type { Estate } from '../../src/estate/index.ts';
import { estate, resourceGroup, sub, subscription, userAssigned } from '../build/estate.ts';

const app = userAssigned('app', undefined, { tags: { Owner: 'ada', env: 'prod' } });
const containers = [subscription('prod', undefined, { tags: { env: 'all', costs: '1' } }), resourceGroup('prod', 'rg-app', { tags: {} })];
const tagged = estate({ identities: [app], containers });
const finding = (more: Partial<StoredFinding> = {}) =>
  ({
    id: 'a',
    status: 'open',
    scope: `${sub('prod')}/resourceGroups/rg-app`,
    subject: '',
    principal: { resourceId: app.resourceId },
    ...more,
  }) as StoredFinding;
const written = (from: Estate, findings: readonly StoredFinding[], changed: readonly StoredFinding[] = []) =>
  withTags(changed, findings, tagsInForce(from), from);

describe('tags on findings', () => {
  it('are those in force on the scope, then the subject, then the identity: the nearest says it', () => {
    expect(written(tagged, [finding()])).toEqual([finding({ tags: { costs: '1', env: 'all', owner: 'ada' } })]);
    expect(written(tagged, [finding({ scope: app.resourceId })])[0]?.tags).toEqual({ costs: '1', env: 'prod', owner: 'ada' });
  });

  it('write nothing where they are as they were, and keep what is written anyway', () => {
    const known = finding({ tags: { costs: '1', env: 'all', owner: 'ada' } });
    expect(written(tagged, [known])).toEqual([]);
    const other = finding({ id: 'b', status: 'resolved' });
    expect(written(tagged, [known, other], [other])).toEqual([other]);
    expect(written(estate(), [finding()], [finding()])).toEqual([finding()]);
  });

  it('go when they are taken off, and stay where nobody could look', () => {
    const known = finding({ tags: { gone: 'x' } });
    expect(written(estate(), [known])).toEqual([finding()]);
    const blind = estate({ gaps: [{ slice: 'containers', scope: '/', state: 'partial', why: 'no right' }] });
    expect(written(blind, [known])).toEqual([]);
    expect(written(estate(), [{ ...known, unjudged: 'blind' }])).toEqual([]);
  });
});
