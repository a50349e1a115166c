import { describe, expect, it } from 'vitest';
import { rules, type Rule } from '../../src/rules/index.ts';
import { difference, sharded, single } from './both-ways.ts';
import { now, randomTenant } from './random-estate.ts';

const reaching = rules.filter(({ reach }) => reach !== undefined);
const seedsMax = 150;

/**
 * A rule that reaches beyond one principal says so in `reach`. Without it, some tenant is told something else in parts than at once: that is what the
 * comparison of parts with the whole is there to see, and here it is seen to see it.
 */
describe('the comparison notices when a rule loses', () => {
  it('something to compare', () => {
    expect(reaching.length).toBeGreaterThan(5);
  });

  it.each(
    reaching.flatMap((rule) =>
      Object.keys(rule.reach ?? {}).map((part) => ({
        name: `${rule.id}: its ${part}`,
        rule,
        part: part as keyof NonNullable<Rule['reach']>,
      })),
    ),
  )('$name', { timeout: 60_000 }, async ({ rule, part }) => {
    const { [part]: _lost, ...rest } = rule.reach ?? {};
    const crippled: Rule = { ...rule, reach: rest };
    expect(await firstTenantThatDiffers(rule, crippled)).toBeDefined();
  });
});

async function firstTenantThatDiffers(rule: Rule, crippled: Rule): Promise<number | undefined> {
  for (let seed = 1; seed <= seedsMax; seed++) {
    const run = { ...randomTenant(seed), now };
    if (difference(await sharded({ ...run, rules: [crippled] }, 3), single({ ...run, rules: [rule] })) !== '') return seed;
  }
  return undefined;
}
