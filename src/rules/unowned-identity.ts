import * as az from '../remedy/az.ts';
import { principalRef } from './principal-ref.ts';
import type { Rule } from './rule.ts';
import { tagOf } from './workload-place.ts';

export const unownedIdentity: Rule = {
  id: 'unowned-identity',
  title: 'Identity without the tags or the name that say whose it is',
  why: [
    'When a grant has to go, somebody must be asked. An identity without an owner tag, or with a name outside of the house’s pattern, has nobody to ask. Off until `REQUIRED_TAGS` or',
    '`IDENTITY_NAME_PATTERN` is set. Only user-assigned identities are judged: a system-assigned one belongs to its resource.',
  ].join('\n'),
  fix: 'Set the missing tags, best in the template that makes the identity. An identity cannot be renamed: make a new one with the right name when it is next touched.',
  severity: 'low',
  confidence: 'certain',
  needs: { identities: 'each', principals: 'hint' },
  controls: ['MCSB PA-1', 'NIST 800-53 r5 AC-2'],
  references: ['https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-tagging'],
  enabled: ({ requiredTags, identityNamePattern }) => requiredTags.length > 0 || (identityNamePattern ?? '') !== '',
  *judge(input) {
    const { requiredTags, identityNamePattern } = input.settings;
    const fits = identityNamePattern ? nameMatcher(identityNamePattern) : () => true;
    for (const identity of input.estate.identities) {
      if (identity.kind !== 'user-assigned') continue;
      const missing = requiredTags.filter((tag) => tagOf(identity.tags, tag) === undefined);
      const misnamed = !fits(identity.name);
      if (missing.length === 0 && !misnamed) continue;
      const wrong = [
        ...(missing.length > 0 ? [`lacks the ${missing.length === 1 ? 'tag' : 'tags'} ${missing.join(', ')}`] : []),
        ...(misnamed ? [`has a name outside of the pattern ${identityNamePattern}`] : []),
      ].join(' and ');
      yield {
        rule: unownedIdentity.id,
        subject: identity.resourceId,
        severity: 'low',
        confidence: 'certain',
        principal: principalRef(input, identity.principalId),
        scope: identity.resourceId,
        title: `${identity.name} ${wrong}`,
        message: `${identity.name} ${wrong}, so nobody can tell whom to ask about its grants.`,
        evidence: [
          { label: 'name', value: identity.name, source: 'resource-graph' },
          { label: 'tags', value: Object.keys(identity.tags).sort().join(', ') || 'none', source: 'resource-graph' },
        ],
        fix: [
          az.step('See what stands next to it, and ask who deployed that.', az.showResource(identity.resourceId)),
          ...(missing.length > 0 ? [{ text: `Set ${missing.join(', ')} on the identity, and in the template that makes it.` }] : []),
          ...(misnamed ? [{ text: 'An identity cannot be renamed: give the next one the right name and move its workload over.' }] : []),
        ],
        related: [],
      };
    }
  },
};

/** Names in Azure have at most 128 characters; longer ones are cut so that no name makes the match slow. */
const nameCharsMax = 128;

/** `{app}-{env}-identity` → one or more name characters in place of each placeholder; the rest literally, without regard to case. */
function nameMatcher(pattern: string): (name: string) => boolean {
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const source = pattern
    .split(/(\{[^{}]*\})/)
    .map((part) => (/^\{[^{}]*\}$/.test(part) ? '[A-Za-z0-9_-]+?' : literal(part)))
    .join('');
  const regex = new RegExp(`^${source}$`, 'i');
  return (name) => name.length <= nameCharsMax && regex.test(name);
}
