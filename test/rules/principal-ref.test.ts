import { describe, expect, it } from 'vitest';
import type { Principal } from '../../src/estate/index.ts';
import { defaultRuleSettings, nameOf, ofConcern, principalRef, type Memory, type PrincipalRef } from '../../src/rules/index.ts';
import { directory, estate, pid, userAssigned } from '../build/estate.ts';

const app = userAssigned('app-id');
const memory: Memory = { missingSince: new Map(), lastSeen: new Map() };
const found = (principal: Omit<Principal, 'id'>): PrincipalRef =>
  principalRef({ estate: estate({ directory: directory({ found: [{ id: pid('x'), ...principal }] }) }), memory }, pid('x'));

describe('who a principal is', () => {
  it('comes from the estate first', () => {
    const world = estate({
      identities: [app],
      directory: directory({ found: [{ id: app.principalId, kind: 'application', displayName: 'another name' }] }),
    });
    expect(principalRef({ estate: world, memory }, app.principalId)).toEqual({
      id: app.principalId,
      kind: 'user-assigned',
      name: 'app-id',
      resourceId: app.resourceId,
      clientId: app.clientId,
    });
  });

  it.each<[Omit<Principal, 'id'>, PrincipalRef['kind']]>([
    [{ kind: 'managed-identity', isExplicit: true }, 'user-assigned'],
    [{ kind: 'managed-identity', isExplicit: false }, 'system-assigned'],
    [{ kind: 'managed-identity', resourceId: '/subscriptions/a/resourceGroups/b/providers/Microsoft.Web/sites/c' }, 'system-assigned'],
    [{ kind: 'managed-identity', resourceId: app.resourceId }, 'user-assigned'],
    [{ kind: 'application', ownerTenantId: 'another' }, 'application'],
    [{ kind: 'user' }, 'user'],
    [{ kind: 'group' }, 'group'],
    [{ kind: 'partner' }, 'foreign'],
    [{ kind: 'limited' }, 'unknown'],
    [{ kind: 'device' }, 'unknown'],
  ])('is told by the directory: %j is %s', (principal, kind) => {
    expect(found(principal).kind).toBe(kind);
  });

  it('is remembered when it is gone', () => {
    const gone = {
      ...memory,
      lastSeen: new Map([
        [pid('x'), { kind: 'system-assigned' as const, resourceId: '/a/web', name: 'web', lastSeenAt: '2026-11-19T08:00:00Z' }],
      ]),
    };
    expect(principalRef({ estate: estate(), memory: gone }, pid('x'))).toMatchObject({
      kind: 'system-assigned',
      name: 'web',
      resourceId: '/a/web',
    });
  });

  it('stays unknown when nobody knows it, and is called by its id', () => {
    expect(nameOf(principalRef({ estate: estate(), memory }, pid('x')))).toBe(`principal ${pid('x')}`);
  });

  it('is called by name and id, since names can deceive', () => {
    expect(nameOf(found({ kind: 'user', displayName: 'Owner' }))).toBe(`Owner (${pid('x')})`);
  });

  it.each<[PrincipalRef['kind'], boolean, boolean]>([
    ['user-assigned', true, true],
    ['system-assigned', true, true],
    ['application', false, true],
    ['user', false, false],
    ['group', false, false],
    ['foreign', false, false],
    ['unknown', false, false],
  ])('%s is of concern among managed identities: %s, among workloads: %s, among all: true', (kind, identities, workloads) => {
    const ref: PrincipalRef = { id: 'x', kind, name: '', resourceId: '', clientId: '' };
    const asked = (principals: 'managed-identities' | 'workloads' | 'all') => ofConcern(ref, { ...defaultRuleSettings, principals });
    expect([asked('managed-identities'), asked('workloads'), asked('all')]).toEqual([identities, workloads, true]);
  });
});
