import { describe, expect, it } from 'vitest';
import { attributionIn, type Burst, type Denial } from '../../src/denials/index.ts';
import { alikeIn, carryOn, incidentId, isSameCaller, joined } from '../../src/incidents/index.ts';
import {
  appSaid,
  armRefused,
  blobRefused,
  burst,
  diagnosed,
  minutes,
  now,
  secretRefused,
  signInRefused,
  storageId,
} from '../build/denials.ts';
import { attached, estate, host, sub, userAssigned } from '../build/estate.ts';

const app = userAssigned('app');
const api = userAssigned('api');
const caApp = attached(host('ca-app'), app);
const caApi = attached(host('ca-api'), api);
const shared = attached(host('ca-shared'), app, api);
const world = estate({ identities: [app, api], hosts: [caApp, caApi, shared] });

const mismatch = 'AuthorizationPermissionMismatch';
const line = (target: string, part: Partial<Denial> = {}, hostId = caApp.id): Denial =>
  appSaid(hostId, `RestError: ${mismatch} for ${target}`, { target, reason: mismatch, operation: 'storage-permission', ...part });
const service = (denial: Denial, part: Partial<Burst> = {}): Burst => burst([denial], { id: 'service', ...part });
const application = (denial: Denial, part: Partial<Burst> = {}): Burst => burst([denial], { id: 'application', ...part });
const at = (minute: number): Partial<Burst> => {
  const start = Date.parse(minutes(minute));
  return { episode: { ordinal: 1, start, onset: start, lastBin: start, count: 20, openedWith: 20, expected: 0, probability: 0 } };
};
const pairs = (...bursts: readonly Burst[]) =>
  alikeIn(bursts)
    .filter((pair) => isSameCaller(pair, attributionIn(world)))
    .map(({ told, refused }) => [told.id, refused.id]);
const one = [['application', 'service']];

describe('one trouble that is told twice', () => {
  const pay = 'stpay.blob.core.windows.net';
  const vaultLine = (target: string, reason = 'ForbiddenByRbac') =>
    appSaid(caApp.id, `Caller is not authorized to perform action on resource. ${reason}`, { target, reason });
  const scope = `${sub('prod')}/resourceGroups/rg-app`;
  const refusedByArm = "does not have authorization to perform action 'Microsoft.Web/sites/restart/action' over scope";

  it.each<[string, Denial, Denial, Partial<Burst>?]>([
    ['by its address', line(pay), blobRefused(app)],
    ['by the data lake address of the same account', line('stpay.dfs.core.windows.net'), blobRefused(app)],
    ['without an address', line(''), blobRefused(app)],
    ['from a host that has another identity too', line(pay, {}, shared.id), blobRefused(app)],
    ['on a part of what the service names', line(`${storageId('stpay')}/blobServices/default/containers/c`), blobRefused(app)],
    ['a vault', vaultLine('kv-pay.vault.azure.net'), secretRefused(app)],
    ['a vault whose log gives no reason', vaultLine('kv-pay.vault.azure.net'), secretRefused(app, { reason: 'Forbidden' })],
    [
      'ARM',
      appSaid(caApp.id, `The client ${refusedByArm} '${scope}'`, { target: scope, reason: 'AuthorizationFailed' }),
      armRefused(app, 'Microsoft.Web/sites/restart/action', scope),
    ],
    ['a sign-in', appSaid(caApp.id, 'AADSTS500011: x', { target: '', reason: 'AADSTS500011' }), signInRefused(app, 'AADSTS500011', 'x')],
    ['a quarter of an hour apart', line(pay), blobRefused(app), at(15)],
    ['as a part of a spread', line(pay), blobRefused(app), { kind: 'spread' }],
  ])('is one: %s', (_, said, refused, part = {}) => {
    expect(pairs(application(said), service(refused, part))).toEqual(one);
    expect(pairs(service(refused, part), application(said))).toEqual(one);
  });

  it.each<[string, Denial, Denial, Partial<Burst>?]>([
    ['another target of the same host', line('stlogs.blob.core.windows.net'), blobRefused(app)],
    ['a name that only begins alike', line('stpay2.blob.core.windows.net'), blobRefused(app)],
    ['another identity at the same target', line(pay), blobRefused(api)],
    ['a host nobody knows', line(pay, {}, `${caApp.id}-other`), blobRefused(app)],
    ['another refusal of the same target', line(pay, { reason: 'AuthorizationFailure' }), blobRefused(app)],
    ['a firewall beside a missing role', vaultLine('kv-pay.vault.azure.net', 'ForbiddenByFirewall'), secretRefused(app)],
    ['a service of the same words', vaultLine('kv-pay.vault.azure.net'), blobRefused(app, { reason: 'ForbiddenByRbac' })],
    ['no token at all', appSaid(caApp.id, 'CredentialUnavailableError', { target: '', reason: 'CredentialUnavailable' }), blobRefused(app)],
    ['hours apart', line(pay), blobRefused(app), at(120)],
    ['a caller whom the service does not name', line(pay), blobRefused(app, { caller: { kind: 'unknown' } })],
    ['an unusual token', line(pay), blobRefused(app), { kind: 'token' }],
  ])('is two: %s', (_, said, refused, part = {}) => {
    expect(pairs(application(said), service(refused, part))).toEqual([]);
  });

  it('is two where the application tells of a second target too', () => {
    const both = burst([line(pay), line('stlogs.blob.core.windows.net')], { id: 'application' });
    expect(pairs(both, service(blobRefused(app)))).toEqual([]);
  });

  it('takes the words of a host for nobody, whatever ids they hold', () => {
    const forged = line(pay, { sample: `${mismatch} oid=${api.principalId}` });
    expect(pairs(application(forged), service(blobRefused(api)))).toEqual([]);
  });

  it('is one incident: counted once, alive as long as either is, with both as evidence', () => {
    const refused = service(blobRefused(app), { silence: 'resolved', count: 40 });
    const said = application(line(pay, { hosts: [{ id: caApp.id, name: 'ca-app', replica: 'r-1' }], lastAt: now }), { lastAt: now });
    const [both, ...others] = joined([said, refused], [{ told: said, refused }]);
    expect([both?.id, both?.count, both?.silence, both?.lastAt, others]).toEqual(['service', 40, 'none', now, []]);
    const diagnosis = diagnosed(world, both!.denials, { burst: both! });
    const [incident] = carryOn(new Map(), [{ burst: both!, diagnosis }], world, now);
    const [later] = carryOn(new Map([[incident!.id, incident!]]), [{ burst: both! }], world, now);
    expect(later?.causes).toEqual(incident?.causes);
    const [best] = incident!.causes;
    expect(best?.id).toBe('missing-role');
    expect(best?.evidence.at(-1)).toEqual({
      label: 'application log',
      value: expect.stringMatching(/^ca-app, replica r-1: 20 lines since .*: RestError: AuthorizationPermissionMismatch/) as unknown,
      source: 'logs',
    });
  });

  it('ends the incident that the application alone had opened, and says where it goes on', () => {
    const said = application(line(pay));
    const refused = service(blobRefused(app));
    const [first] = carryOn(new Map(), [{ burst: said }], world, now);
    const [both] = joined([said, refused], [{ told: said, refused }]);
    const after = carryOn(new Map([[first!.id, first!]]), [{ burst: both! }], world, now);
    expect(after.map(({ id, status }) => [id, status]).toSorted()).toEqual(
      [
        [incidentId(refused), 'opened'],
        [first!.id, 'resolved'],
      ].toSorted(),
    );
    expect(after.find(({ id }) => id === first!.id)?.resolvedBy).toBe(
      `joined with ${incidentId(refused)}: the service's own log tells of the same refusals`,
    );
    const again = carryOn(new Map(after.map((incident) => [incident.id, incident])), [{ burst: both! }], world, now);
    expect(again.map(({ id }) => id)).toEqual([incidentId(refused)]);
  });
});
