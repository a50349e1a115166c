import { describe, expect, it } from 'vitest';
import { openAccess } from '../../src/access/index.ts';
import type { Assignment, Directory } from '../../src/estate/index.ts';
import { defaultRuleSettings } from '../../src/rules/index.ts';
import { standingOf, type Standing } from '../../src/rules/orphan-proof.ts';
import { assign, directory, estate, pid, reader, sub } from '../build/estate.ts';

const held = assign(pid('x'), reader, sub('prod'));
const standing = (of: Directory, more: Partial<Assignment> = {}): Standing => {
  const assignment = { ...held, ...more };
  const world = estate({ assignments: [assignment], directory: of });
  return standingOf(
    {
      estate: world,
      access: openAccess(world),
      settings: defaultRuleSettings,
      memory: { missingSince: new Map(), lastSeen: new Map() },
      now: world.collectedAt,
    },
    assignment,
  );
};

describe('what is proven about the principal of an assignment', () => {
  it.each<[Standing, Directory, Partial<Assignment>?]>([
    ['alive', directory({ found: [{ id: pid('x'), kind: 'user' }] })],
    ['alive', directory({ found: [{ id: pid('x'), kind: 'limited' }] })],
    ['foreign', directory({ found: [{ id: pid('x'), kind: 'partner' }] })],
    ['foreign', directory({ absent: [pid('x')] }), { principalType: 'foreigngroup' }],
    [
      'foreign',
      directory({ deleted: [{ id: pid('x'), deletedAt: '2026-11-01T00:00:00Z' }] }),
      { delegatedManagedIdentityResourceId: '/subscriptions/a' },
    ],
    ['soft-deleted', directory({ deleted: [{ id: pid('x'), deletedAt: '2026-11-01T00:00:00Z' }] })],
    ['unresolved', directory({ unresolved: [pid('x')] })],
    ['unresolved', directory({})],
    ['visibility-unproven', directory({ absent: [pid('x')], canary: 'invisible' })],
    ['visibility-unproven', directory({ absent: [pid('x')], canary: 'not-asked' })],
    ['young', directory({ absent: [pid('x')] }), { createdAt: '2026-11-20T07:01:00Z' }],
    ['deleted', directory({ absent: [pid('x')] }), { createdAt: '2026-11-20T07:00:00Z' }],
  ])('%s', (expected, of, more) => {
    expect(standing(of, more)).toBe(expected);
  });
});
