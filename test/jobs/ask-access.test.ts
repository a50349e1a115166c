import { describe, expect, it } from 'vitest';
import { askAccess } from '../../src/jobs/ask-access.ts';
import { principalsNamed } from '../../src/jobs/principals-named.ts';
import { assign, directory, estate, guid, pid, reader, sub, subscription, userAssigned } from '../build/estate.ts';

const app = userAssigned('id-app');
const seen = {
  ...estate({ containers: [subscription('prod')], identities: [app], assignments: [assign(app.principalId, reader, sub('prod'))] }),
  directory: { ...directory({}), found: new Map([[pid('someone'), { id: pid('someone'), kind: 'user' as const }]]) },
};
const ask = (who: string, on: string) =>
  askAccess({ estate: seen, principal: principalsNamed(seen, who)[0]!, action: 'Microsoft.Web/sites/write', on, plane: 'auto' }).answer;

describe('an answer about access', () => {
  it('is a no where both sides were seen', () => {
    expect(ask(app.principalId, sub('prod')).verdict).toBe('no-path');
  });

  it('is no "no" for a GUID that nobody was seen by: it may be a client id, or be in groups', () => {
    const answer = ask(guid('a client id'), sub('prod'));
    expect(answer.verdict).toBe('unknown');
    expect(answer.because[0]).toContain('client id');
  });

  it('is no "no" in a subscription that was not seen', () => {
    const answer = ask(app.principalId, `${sub('hidden')}/resourceGroups/rg`);
    expect(answer.verdict).toBe('unknown');
    expect(answer.because[0]).toContain(sub('hidden'));
  });
});

describe('the principals that go by a name', () => {
  it.each([
    ['its object id', app.principalId.toUpperCase(), 1],
    ['its name', ' ID-APP ', 1],
    ['a name nobody has', 'nobody', 0],
    ['nothing, although some have no name', '', 0],
    ['blanks', '  ', 0],
  ])('by %s', (_what, given, count) => {
    expect(principalsNamed(seen, given)).toHaveLength(count);
  });
});
