import type { NearMiss, Path } from '../access/index.ts';

/** One way by which a permission is held, as command line, API and page say it. */
export function pathSentence(path: Path): string {
  switch (path.kind) {
    case 'role': {
      const through =
        path.groups.length === 0 ? '' : `, through ${path.groups.length === 1 ? 'group' : 'groups'} ${path.groups.join(' → ')}`;
      const condition =
        'text' in path.condition && path.condition.kind !== 'not-applicable'
          ? `, condition (${path.condition.kind}): ${path.condition.text}`
          : '';
      return `role ${path.role.name} at ${path.assignment.scopeId}${through}${condition}; assignment ${path.assignment.id}`;
    }
    case 'vault-policy':
      return `access policy of ${path.vault} (${path.permission})`;
    case 'native-role':
      return `role ${path.roleName} of ${path.account} itself; assignment ${path.assignmentId}`;
  }
}

/** A grant that nearly gives it, and what is missing. */
export function missSentence(miss: NearMiss): string {
  switch (miss.kind) {
    case 'control-plane-only':
      return `${held(miss)} covers the control plane only, and this is a data action`;
    case 'insufficient-role':
      return `${held(miss)} lacks this operation`;
    case 'wrong-scope':
      return `${held(miss)} would do, but ${whereWords[miss.where]}`;
    case 'vault-uses-policies':
      return `${held(miss)} has no effect: the vault decides by access policies`;
    case 'vault-uses-rbac':
      return `the access policy of ${miss.vault} (${miss.permission}) has no effect: the vault decides by roles`;
    case 'condition':
      return `${held(miss)} would do, but its condition never lets this through: ${miss.text}`;
    case 'role-unreadable':
      return `role ${miss.assignment.roleId} at ${miss.assignment.scopeId}: its definition could not be read`;
  }
}

const held = ({ role, assignment }: Extract<NearMiss, { readonly role: unknown }>): string => `role ${role.name} at ${assignment.scopeId}`;

const whereWords = {
  below: 'reaches a part of the target only',
  beside: 'lies beside the target',
  'above-unknown': 'whether that management group holds the target could not be read',
} as const;
