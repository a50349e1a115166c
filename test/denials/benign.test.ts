import { describe, expect, it } from 'vitest';
import { withoutBenign, type Denial } from '../../src/denials/index.ts';
import { by, denial, registryId, vaultId } from '../build/denials.ts';
import { userAssigned } from '../build/estate.ts';

const nobody = { kind: 'unknown' } as const;
const addresses = (count: number, net = '185.220.101'): readonly string[] => Array.from({ length: count }, (_, index) => `${net}.${index}`);
const knock = (part: Partial<Denial>): Denial =>
  denial({
    service: 'key-vault',
    target: vaultId('kv'),
    operation: 'SecretGet',
    reason: 'ForbiddenByFirewall',
    caller: nobody,
    callerAddresses: addresses(9),
    ...part,
  });
const unsigned = (part: Partial<Denial>): Denial =>
  denial({ statusCode: 401, reason: 'NoAuthenticationInformation', caller: nobody, ...part });
const login = (part: Partial<Denial>): Denial =>
  denial({
    service: 'container-registry',
    target: registryId('cr'),
    operation: 'Login',
    statusCode: 401,
    reason: 'Unauthorized',
    caller: nobody,
    ...part,
  });

describe('the benign catalogue', () => {
  it.each<[string, Denial, string | undefined]>([
    ['many addresses without a token at the firewall of a vault', knock({}), 'key-vault-scan'],
    ['one address there: somebody of ours', knock({ callerAddresses: addresses(1) }), undefined],
    ['many addresses of our own networks', knock({ callerAddresses: addresses(9, '10.20.1') }), undefined],
    ['a caller with a token there', knock({ caller: by(userAssigned('app')) }), undefined],
    ['a missing role, wherever from', knock({ reason: 'ForbiddenByRbac' }), undefined],
    ["storage's first hop", unsigned({}), 'storage-challenge'],
    ['a token that storage did not accept', unsigned({ reason: 'InvalidAuthenticationInfo' }), undefined],
    ['a caller that storage names', unsigned({ caller: by(userAssigned('app')) }), undefined],
    ["a registry's first hop", login({}), 'registry-challenge'],
    ['an identity that the registry does not let in', login({ caller: by(userAssigned('app')) }), undefined],
    ['a name that the registry does not let in', login({ caller: { kind: 'unknown', name: 'ci' } }), undefined],
    ['a registry that names the scope', login({ reason: 'insufficient_scope' }), undefined],
  ])('%s', (_, one, id) => {
    const { serious, benign } = withoutBenign([one]);
    expect(benign.map((entry) => [entry.id, entry.count])).toEqual(id === undefined ? [] : [[id, 20]]);
    expect(serious).toEqual(id === undefined ? [one] : []);
  });
});
