import { owned, type Landscape, type Story } from '../landscape.ts';
import { finding, silent } from '../planted.ts';
import type { ManagedIdentity } from '../rows/identity.ts';
import { issuerOf } from './clusters.ts';

/** Who may come in from outside as one of contoso's identities. */
export const federatedCredentials: Story = {
  name: 'federated credentials',
  plant(land) {
    const { t } = land;
    const identity = identities(land);
    const github = { issuer: 'https://token.actions.githubusercontent.com' };
    const cart = { issuer: issuerOf(land, 'aks-apps'), subject: 'system:serviceaccount:shop:cart' };
    const twice = { issuer: issuerOf(land, 'aks-jobs'), subject: 'system:serviceaccount:jobs:nightly' };

    const wildcard = t.federatedCredential(identity('wildcard'), 'github-any', { ...github, subject: 'repo:contoso/*' });
    const pullRequest = t.federatedCredential(identity('pull-request'), 'github-pr', {
      ...github,
      subject: 'repo:contoso/web:pull_request',
    });
    const flexible = t.federatedCredential(identity('flexible'), 'github-flexible', {
      ...github,
      expression: "claims['sub'] matches 'repo:contoso/web:*'",
    });
    const deletedCluster = t.federatedCredential(identity('old-cluster'), 'aks-retired', {
      issuer: issuerOf(land, 'a cluster that was deleted'),
      subject: 'system:serviceaccount:shop:cart',
    });
    const first = t.federatedCredential(identity('nightly-a'), 'aks-nightly', twice);
    const second = t.federatedCredential(identity('nightly-b'), 'aks-nightly', twice);

    const environment = t.federatedCredential(identity('environment'), 'github-prod', {
      ...github,
      subject: 'repo:contoso/web:environment:prod',
    });
    const exactly = t.federatedCredential(identity('exact-claim'), 'github-exact', {
      ...github,
      expression: "claims['sub'] eq 'repo:contoso/web:ref:refs/heads/main'",
    });
    const workload = t.federatedCredential(identity('cart'), 'aks-cart', cart);

    return [
      finding('federated-credential-too-open', wildcard, 'any repository of the organisation'),
      finding('federated-credential-too-open', pullRequest, 'any pull request, forks included'),
      finding('federated-credential-too-open', flexible, 'flexible expression with a wildcard'),
      finding('federated-credential-too-open', deletedCluster, 'issuer of a cluster that no longer exists'),
      finding('federated-credential-too-open', first, 'the same subject opens a second identity'),
      finding('federated-credential-too-open', second, 'the same subject opens a second identity'),
      silent('federated-credential-too-open', environment, 'exact subject with a protected environment'),
      silent('federated-credential-too-open', exactly, 'flexible expression that demands one exact value'),
      silent('federated-credential-too-open', workload, 'exact service account of a cluster that exists'),
    ];
  },
};

function identities({ t, group, registry }: Landscape): (name: string) => ManagedIdentity {
  const home = group('federation', 'prod');
  return (name) => {
    const identity = t.userAssignedIdentity(home, `id-federated-${name}`, { tags: owned });
    t.assign(identity, 'AcrPull', registry);
    return identity;
  };
}
