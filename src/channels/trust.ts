import * as tls from 'node:tls';

/**
 * Options for TLS that trust an authority besides those of the machine. `ca` alone would replace them, and a private cloud's authority did not sign
 * Teams. Made once, when first asked for: reading a hundred and fifty certificates takes a while.
 */
export function trusting(ca: string | undefined): () => { readonly secureContext?: tls.SecureContext } {
  let context: tls.SecureContext | undefined;
  return () => (ca === undefined ? {} : { secureContext: (context ??= tls.createSecureContext({ ca: [...machineAuthorities(), ca] })) });
}

/** NODE_EXTRA_CA_CERTS counts too, from Node 22.15 on. */
const machineAuthorities = (): readonly string[] =>
  'getCACertificates' in tls ? tls.getCACertificates('default') : (tls as { rootCertificates: readonly string[] }).rootCertificates;
