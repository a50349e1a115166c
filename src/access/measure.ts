import type { RoleDefinition } from '../estate/index.ts';
import { compile, type Block } from './blocks.ts';
import { glob } from './glob.ts';
import {
  attaching,
  criticalProviders,
  escalating,
  policyRemediation,
  policyWrite,
  secretGiving,
  sensitiveReads,
  sensitiveWrites,
} from './operations.ts';
import type { Power } from './power.ts';

/** Measures what a role can do, by asking its blocks about the operations that matter. */
export function measure(role: RoleDefinition): Power {
  const blocks = role.blocks.map(compile);
  const allows = (operation: string, data = false): boolean => {
    const lower = operation.toLowerCase();
    return blocks.some((block) => block.allows(lower, data));
  };
  const held = providersHeld(allows);
  return {
    everything: isEverything(blocks),
    broadWrite: patternsBehind(blocks, held, false),
    escalation: [
      ...escalating.filter((operation) => allows(operation)),
      ...(allows(policyWrite) && allows(policyRemediation) ? [policyWrite] : []),
    ],
    dataRead: patternsBehind(blocks, sensitiveReads, true),
    dataWrite: patternsBehind(blocks, sensitiveWrites, true),
    secretActions: secretGiving.filter((operation) => allows(operation)),
    attach: attaching.filter((operation) => allows(operation)),
    wildcards: [...new Set(blocks.flatMap(wildcardsOf))],
    conditions: [...new Set(role.blocks.flatMap(({ condition }) => condition ?? []))],
    readOnly: blocks.every(isReadOnly),
  };
}

/** `*`, of which at least half of the critical writes are left after the notActions. */
function isEverything(blocks: readonly Block[]): boolean {
  const writes = criticalProviders.flatMap(({ writes }) => writes).map((operation) => operation.toLowerCase());
  return blocks.some(
    (block) =>
      block.written.actions.some((pattern) => isAll(pattern)) &&
      writes.filter((operation) => block.allows(operation, false)).length * 2 >= writes.length,
  );
}

const isAll = (pattern: string): boolean => glob(pattern)('/') && glob(pattern)('microsoft.x/y/write');

/** The writes of every provider that the role holds as a whole; a provider that takes nothing over alone needs a second one. */
function providersHeld(allows: (operation: string) => boolean): readonly string[] {
  const held = criticalProviders.filter(({ writes }) => writes.every((operation) => allows(operation)));
  return held.some(({ alone }) => alone) || held.length > 1 ? held.flatMap(({ writes }) => writes) : [];
}

/** The patterns, as written, by which blocks allow any of the operations. */
function patternsBehind(blocks: readonly Block[], operations: readonly string[], data: boolean): readonly string[] {
  const found = new Set<string>();
  for (const block of blocks) {
    const allowed = operations.map((operation) => operation.toLowerCase()).filter((operation) => block.allows(operation, data));
    for (const pattern of data ? block.written.dataActions : block.written.actions) if (allowed.some(glob(pattern))) found.add(pattern);
  }
  return [...found];
}

/** Wildcards that let through a write or a secret after their own block's exclusions. */
function wildcardsOf(block: Block): readonly string[] {
  const { actions, dataActions } = block.written;
  return [
    ...actions.filter((pattern) => pattern.includes('*') && !isHarmless(pattern) && letsThrough(block, pattern, false)),
    ...dataActions.filter((pattern) => pattern.includes('*') && letsThrough(block, pattern, true)),
  ];
}

/**
 * Wildcards that stand in most built-in roles and hence in their copies. They change tickets, alert rules and deployments; what a
 * deployment creates needs its own permission.
 */
const isHarmless = (pattern: string): boolean => /^microsoft\.(support|insights\/alertrules|resources\/deployments)\/\*$/i.test(pattern);

const verbs = ['write', 'delete', 'action'];
const secretOperations = { control: secretGiving, data: [...sensitiveReads, ...sensitiveWrites] } as const;

function letsThrough(block: Block, pattern: string, data: boolean): boolean {
  const matches = glob(pattern);
  const known = (data ? secretOperations.data : secretOperations.control).map((operation) => operation.toLowerCase());
  return [...examplesOf(pattern), ...known].some((operation) => matches(operation) && block.allows(operation, data));
}

/** Operations a pattern matches that change something: its stars filled in, and the last one with a verb. */
function examplesOf(pattern: string): readonly string[] {
  const filled = pattern.toLowerCase().replaceAll('*', 'thing');
  if (!pattern.endsWith('*')) return verbs.some((verb) => filled.endsWith(`/${verb}`)) ? [filled] : [];
  const start = filled.slice(0, -'thing'.length);
  // `Microsoft.X/y/*` has `…/y/write` beside `…/y/z/write`; a bare `write` is no operation.
  return verbs.flatMap((verb) => (start.includes('/') ? [`${filled}/${verb}`, `${start}${verb}`] : [`${filled}/${verb}`]));
}

/** Nothing it allows changes a resource; an operation that ends in `/read` reads. */
function isReadOnly(block: Block): boolean {
  const { actions, dataActions } = block.written;
  const changes = (pattern: string, data: boolean): boolean => {
    if (pattern.toLowerCase().endsWith('/read') || isHarmless(pattern)) return false;
    return pattern.includes('*') ? letsThrough(block, pattern, data) : block.allows(pattern.toLowerCase(), data);
  };
  return !actions.some((pattern) => changes(pattern, false)) && !dataActions.some((pattern) => changes(pattern, true));
}
