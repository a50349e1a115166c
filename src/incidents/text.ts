/**
 * Takes out of a message what its writer did not choose: ARM ids, addresses (the identity endpoint's own stay), GUIDs and the given names.
 * Patterns for "firewall" or "deny assignment" are matched against the rest: a network called "firewall" says nothing about firewalls.
 */
export function withoutNames(names: readonly string[]): (text: string) => string {
  const known = [...new Set(names.map((name) => name.toLowerCase()).flatMap((name) => [name, name.slice(name.lastIndexOf('/') + 1)]))]
    .filter((name) => name.length > 2)
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replaceAll(/[^a-z0-9 ]/g, String.raw`\$&`));
  const named = known.length === 0 ? undefined : new RegExp(`(?<![a-z0-9])(?:${known.join('|')})(?![a-z0-9])`, 'g');
  return (text) => {
    const bare = text
      .toLowerCase()
      // A quoted id ends with its quote: whoever names a secret may put words behind a blank.
      .replaceAll(/'\/(?:subscriptions|providers)\/[^']*'/g, ' … ')
      .replaceAll(/\/(?:subscriptions|providers)\/[^\s'",;)]+/g, ' … ')
      .replaceAll(/https?:\/\/(?!169\.254\.|[^\s'",;)]*\/(?:msi\/token|metadata\/identity)\b)[^\s'",;)]+/g, ' … ')
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, ' … ');
    return named === undefined ? bare : bare.replaceAll(named, ' … ');
  };
}
