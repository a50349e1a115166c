import { describe, expect, it } from 'vitest';
import { scopeTree, type Estate, type Gap, type Slice } from '../../src/estate/index.ts';
import { noMemory, remember, tagsInForce, type Remembered } from '../../src/findings/index.ts';
import {
  directory,
  estate,
  federatedCredential,
  guid,
  host,
  pid,
  principal,
  resourceGroup,
  sub,
  subscription,
  systemAssignedOf,
  userAssigned,
} from '../build/estate.ts';
import { checked, day, inconclusive } from '../findings/world.ts';

const changes = (of: Estate, remembered: Partial<Remembered> = {}, subscriptions: readonly string[] = []) =>
  remember({
    estate: of,
    remembered: { ...noMemory, ...remembered },
    verdicts: [checked(), inconclusive('shared-identity')],
    now: day(2),
    runId: 'run-2',
    within: scopeTree(of.containers).within,
    area: { managementGroups: [], subscriptions },
  });
const gap = (slice: Slice, scope = '/', more: Partial<Gap> = {}): Gap => ({ slice, scope, state: 'partial', why: 'refused', ...more });
const knownMissing = (name: string): Partial<Remembered> => ({
  missing: new Set([pid(name)]),
  memory: { missingSince: new Map([[pid(name), day(1)]]), lastSeen: new Map() },
});

describe('missing principals', () => {
  it('are noted at first sight, and not again', () => {
    const lost = estate({ directory: directory({ absent: [pid('lost')] }) });
    expect(changes(lost).missing).toEqual([{ principalId: pid('lost'), since: day(2), runId: 'run-2' }]);
    expect(changes(lost, knownMissing('lost'))).toMatchObject({ missing: [], noLongerMissing: [] });
  });

  it.each([
    ['the canary was not visible', estate({ directory: directory({ absent: [pid('lost')], canary: 'invisible' }) })],
    ['nobody asked for the canary', estate({ directory: directory({ absent: [pid('lost')], canary: 'not-asked' }) })],
    ['the look-up failed', estate({ directory: directory({ unresolved: [pid('lost')] }) })],
    ['it is in the recycle bin', estate({ directory: directory({ deleted: [{ id: pid('lost'), deletedAt: day(1) }] }) })],
    ['the recycle bin was not readable', estate({ directory: directory({ absent: [pid('lost')] }), gaps: [gap('deletedPrincipals')] })],
  ])('are not noted when %s', (_, given) => {
    expect(changes(given).missing).toEqual([]);
  });

  it.each([
    ['found again', estate({ directory: directory({ found: [{ id: pid('lost'), kind: 'user' }] }) })],
    ['no longer referred to', estate()],
  ])('are forgotten when %s', (_, given) => {
    expect(changes(given, knownMissing('lost')).noLongerMissing).toEqual([pid('lost')]);
  });

  it.each([
    ['assignments were hidden', estate({ gaps: [gap('roleAssignments', '/subscriptions/x')] })],
    ['the directory was', estate({ gaps: [gap('principals')] })],
    ['the look-up failed', estate({ directory: directory({ unresolved: [pid('lost')] }) })],
  ])('are kept when %s', (_, given) => {
    expect(changes(given, knownMissing('lost')).noLongerMissing).toEqual([]);
  });
});

describe('identities', () => {
  const app = userAssigned('app');
  const remembered: Partial<Remembered> = {
    present: new Set([app.principalId]),
    memory: {
      missingSince: new Map(),
      lastSeen: new Map([[app.principalId, { kind: app.kind, resourceId: app.resourceId, name: app.name, lastSeenAt: day(1) }]]),
    },
  };

  it('are written when they come, change, go and come back; not while they stay', () => {
    expect(changes(estate({ identities: [app] })).identities).toMatchObject([
      { principalId: app.principalId, present: true, lastSeenAt: day(2) },
    ]);
    expect(changes(estate({ identities: [app] }), remembered).identities).toEqual([]);
    expect(changes(estate({ identities: [{ ...app, name: 'renamed' }] }), remembered).identities).toMatchObject([
      { name: 'renamed', present: true },
    ]);
    expect(changes(estate(), remembered).identities).toMatchObject([{ present: false, lastSeenAt: day(1) }]);
    expect(changes(estate(), { ...remembered, present: new Set() }).identities).toEqual([]);
    expect(changes(estate({ identities: [app] }), { ...remembered, present: new Set() }).identities).toMatchObject([{ present: true }]);
  });

  it('are forgotten long after they went', () => {
    const long = { kind: app.kind, resourceId: app.resourceId, name: app.name, lastSeenAt: '2025-01-01T00:00:00Z' };
    const memory = { missingSince: new Map(), lastSeen: new Map([[app.principalId, long]]) };
    expect(changes(estate(), { memory }).forgottenIdentities).toEqual([app.principalId]);
    expect(changes(estate({ identities: [app] }), { memory }).forgottenIdentities).toEqual([]);
  });
});

describe('federated credentials', () => {
  const app = userAssigned('app');
  const credential = federatedCredential(app, 'github', { readAt: day(2) });
  const of = estate({ identities: [app], federatedCredentials: [credential] });

  it('are written when they were read in this run, also when there are none', () => {
    expect(changes(of).federatedCredentials.get(app.key)).toEqual({ readAt: day(2), credentials: [credential] });
    expect(
      changes(of, { federatedCredentials: new Map([[app.key, { readAt: day(2), credentials: [credential] }]]) }).federatedCredentials.size,
    ).toBe(0);
    const none = { ...of, federatedCredentials: [], federatedCredentialsReadAt: new Map([[app.key, day(2)]]) };
    expect(changes(none).federatedCredentials.get(app.key)).toEqual({ readAt: day(2), credentials: [] });
  });

  it('are forgotten with their identity, unless it may only be hidden', () => {
    const federatedCredentials = new Map([[app.key, { readAt: day(1), credentials: [] }]]);
    expect(changes(estate(), { federatedCredentials }).forgottenCredentials).toEqual([app.key]);
    expect(changes(estate({ gaps: [gap('identities', '/subscriptions/x')] }), { federatedCredentials }).forgottenCredentials).toEqual([]);
  });
});

describe('subscriptions', () => {
  const remembered: Partial<Remembered> = { subscriptions: new Set([guid('prod'), guid('old')]) };
  const one = { containers: [subscription('prod')] };

  it('are forgotten when a run that could have seen them did not', () => {
    expect(changes(estate(one), remembered).subscriptions).toEqual([guid('prod')]);
  });

  it.each([
    ['a gap names it', estate({ ...one, gaps: [gap('containers', sub('old'))] }), []],
    ['a gap covers it, harmless or not', estate({ ...one, gaps: [gap('containers', '/', { harmless: true })] }), []],
    ['the run looked at other ones only', estate(one), [guid('prod')]],
  ])('are remembered when %s', (_, given, area) => {
    expect(changes(given, remembered, area).subscriptions).toEqual([guid('prod'), guid('old')].toSorted());
  });
});

it('notes the instant for rules that were checked, and for no other', () => {
  expect(changes(estate()).checkedAt).toEqual({ 'orphaned-assignment': day(2) });
});

describe('tags in force', () => {
  const app = host('app', undefined, { tags: { owner: 'ada' } });
  const plain = userAssigned('plain');
  const of = estate({
    containers: [subscription('prod', undefined, { tags: { env: 'prod' } }), resourceGroup('prod', 'rg-app', { tags: { team: 'x' } })],
    hosts: [app],
    identities: [systemAssignedOf(app), plain],
    directory: directory({ found: [principal(plain)] }),
  });
  const tags = tagsInForce(of);

  it.each([
    ['the resource, its group and its subscription', app.id.toUpperCase(), [{ owner: 'ada' }, { team: 'x' }, { env: 'prod' }]],
    ['the resource of a principal', pid('app'), [{ owner: 'ada' }, { team: 'x' }, { env: 'prod' }]],
    ['an identity without tags of its own', plain.resourceId, [{ team: 'x' }, { env: 'prod' }]],
    ['nothing known', 'somebody', []],
    ['another subscription', sub('test'), []],
  ])('come from %s', (_, id, expected) => {
    expect([...tags(id)]).toEqual(expected);
  });
});
