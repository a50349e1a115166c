import type { RoleId } from '../estate/index.ts';
import type { OpenAccess } from './access.ts';
import { answer } from './ask.ts';
import { covers } from './covers.ts';
import { layGround } from './ground.ts';
import { measure } from './measure.ts';
import type { Power } from './power.ts';

export const openAccess: OpenAccess = (estate) => {
  const ground = layGround(estate);
  const powers = new Map<RoleId, Power | undefined>();
  const covered = new Map<RoleId, Map<RoleId, boolean>>();
  return {
    may: (question) => answer(ground, question),
    get assignments() {
      return ground.assignments;
    },
    grantsOf: (principal) => ground.grants.of(principal),
    roleOf: ground.roleOf,
    effectOn(assignment, { action, data }) {
      const role = ground.roleOf(assignment.roleId);
      const effect = role && ground.permits(role, assignment.condition, { action: action.toLowerCase() }, data);
      return effect?.kind === 'never' ? undefined : effect;
    },
    powerOf(id) {
      if (!powers.has(id)) {
        const role = ground.roleOf(id);
        powers.set(id, role && measure(role));
      }
      return powers.get(id);
    },
    covers(wide, narrow) {
      let row = covered.get(wide);
      if (row === undefined) covered.set(wide, (row = new Map()));
      let known = row.get(narrow);
      if (known === undefined) {
        const [outer, inner] = [ground.roleOf(wide), ground.roleOf(narrow)];
        known = outer !== undefined && inner !== undefined && covers(outer, inner);
        row.set(narrow, known);
      }
      return known;
    },
    chain: (scope) => ground.tree.chain(scope),
    within: (scope, ancestor) => ground.tree.within(scope, ancestor),
  };
};
