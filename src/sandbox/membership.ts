import { textAt } from './json.ts';
import type { World } from './world.ts';

/** Groups that the principal is in, directly or through other groups. Lower-case ids. */
export function groupsAbove(world: World, principal: string): ReadonlySet<string> {
  return reach(edges(world, 'memberId', 'groupId'), principal);
}

/** Members of the group, directly or through other groups. */
export function membersBelow(world: World, group: string): ReadonlySet<string> {
  return reach(edges(world, 'groupId', 'memberId'), group);
}

export function directMembers(world: World, group: string): ReadonlySet<string> {
  return new Set(edges(world, 'groupId', 'memberId').get(group.toLowerCase()) ?? []);
}

function edges(world: World, from: string, to: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const row of world.graph('groupMembers').all()) {
    const [start, end] = [textAt(row, from)?.toLowerCase(), textAt(row, to)?.toLowerCase()];
    if (start === undefined || end === undefined) continue;
    const ends = found.get(start);
    if (ends === undefined) found.set(start, [end]);
    else ends.push(end);
  }
  return found;
}

function reach(next: ReadonlyMap<string, readonly string[]>, start: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [start.toLowerCase()];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    for (const other of next.get(one) ?? []) {
      // Nested groups may form a circle.
      if (other === start.toLowerCase() || seen.has(other)) continue;
      seen.add(other);
      waiting.push(other);
    }
  }
  return seen;
}
