import type { Path } from './answer.ts';

/** A path as a sentence. */
export function saidOf(path: Path): string {
  switch (path.kind) {
    case 'role': {
      const through = path.groups.length === 0 ? '' : ` through group ${path.groups.join(' in ')}`;
      const listed = path.role.source === 'built-in-list' ? ' (definition from the list of built-in roles, Azure did not show it)' : '';
      return `Role ${path.role.name}${listed} at ${path.assignment.scopeId}${through}${conditionSaid(path)}.`;
    }
    case 'vault-policy':
      return `Access policy with ${path.permission} on ${path.vault}.`;
    case 'native-role':
      return `Role ${path.roleName} kept by ${path.account} itself.`;
  }
}

function conditionSaid({ condition }: Path & { kind: 'role' }): string {
  switch (condition.kind) {
    case 'none':
      return '';
    case 'not-applicable':
      return ', with a condition that does not concern this operation';
    case 'allow-list':
      return `, with a condition that lets it grant ${condition.roles.length} listed role${condition.roles.length === 1 ? '' : 's'} only`;
    case 'deny-list':
      return ', with a condition that keeps back some roles and lets it grant every other';
    case 'attributes':
      return `, with a condition on ${condition.attributes.join(', ')}`;
    case 'not-understood':
      return ', with a condition that is not understood and is taken to narrow nothing';
  }
}
