import type { Rule } from './rule.ts';

/** Every rule, in alphabetical order. `npm run new:rule` adds the line. */
export const rules: readonly Rule[] = [];
