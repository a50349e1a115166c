import type { NearMiss, Path } from '../../access/index.ts';
import { principalId, type Estate } from '../../estate/index.ts';
import { isComplete, coverage as linesOf } from '../../findings/index.ts';
import { missSentence, pathSentence } from '../../jobs/access-sentences.ts';
import { askAccess, type AccessAnswer as Asked } from '../../jobs/ask-access.ts';
import { collectEstate } from '../../jobs/collect-estate.ts';
import { sentence } from '../../jobs/error-sentence.ts';
import { principalsNamed, type NamedPrincipal } from '../../jobs/principals-named.ts';
import { sees, type Sight } from '../auth/sight.ts';
import { AccessAnswer, AccessRequest } from '../contract/index.ts';
import type { Dependencies } from '../dependencies.ts';
import { json } from '../http/answer.ts';
import { Refusal } from '../http/problem.ts';
import { route } from '../http/route.ts';

/** Each question reads the tenant anew, so nobody may ask many. */
const allowance = { burst: 5, perMinute: 2 };
/** All callers together: the reading quota of Resource Graph is one per tenant. */
const allowanceOfAll = { burst: 10, perMinute: 6 };

export const askWhoMay = route({
  method: 'POST',
  path: '/api/access',
  summary: 'May this principal do this there: by which path, or why not',
  needs: ['Findings.Read'],
  body: AccessRequest,
  answers: { 200: { about: 'The answer, with everything it rests on.', json: AccessAnswer } },
  async handle({ body, caller, sight, api }) {
    const { principal, action, on, plane = 'auto' } = body;
    if (!sees(sight, on)) throw new Refusal('not-allowed', 'The target lies outside the subscriptions that you may see.');
    const wait = Math.max(api.limiter.take(`access ${caller?.objectId}`, allowance), api.limiter.take('access', allowanceOfAll));
    if (wait > 0)
      throw new Refusal('too-many-requests', `Each question reads the tenant anew. Ask again in ${wait} seconds.`, {
        headers: { 'retry-after': String(wait) },
      });
    const estate = await estateFor(principal, on, api);
    const asked = askAccess({ estate, principal: theOne(estate, principal), action, on, plane });
    return json(answerOf(asked, estate, sight, api.now()));
  },
});

async function estateFor(principal: string, on: string, api: Dependencies): Promise<Estate> {
  try {
    const { estate } = await collectEstate({
      source: api.source(),
      store: await api.store(),
      settings: api.settings,
      now: api.now,
      denyAssignmentsAt: [on],
      ...(guid.test(principal) && { principals: [principalId(principal)] }),
      progress: () => {},
    });
    return estate;
  } catch (cause) {
    api.log(`access: the tenant cannot be read: ${sentence(cause)}`);
    throw new Refusal(
      'unavailable',
      'The tenant cannot be read at present: the auditor has no Azure credential that works here, or Azure did not answer. mi-audit doctor tells which.',
      { cause },
    );
  }
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function theOne(estate: Estate, given: string): NamedPrincipal {
  const named = principalsNamed(estate, given);
  if (named[0] === undefined)
    throw new Refusal(
      'not-found',
      `Nobody of that name was seen.${isComplete(estate.gaps) ? '' : ' Not everything was visible: give the object id instead.'}`,
    );
  if (named.length > 1)
    throw new Refusal(
      'conflict',
      `${named.length} principals go by that name. Ask by object id: ${named
        .slice(0, 10)
        .map(({ id }) => id)
        .join(', ')}.`,
    );
  return named[0];
}

function answerOf({ principal, action, plane, on, answer }: Asked, estate: Estate, sight: Sight, at: string): AccessAnswer {
  const { id, name, kind, resourceId } = principal;
  const lines = linesOf(estate.gaps).filter(({ scope }) => !/^\/subscriptions\//i.test(scope) || sees(sight, scope));
  return {
    principal: { id, name, kind, resourceId },
    action,
    plane,
    on,
    verdict: answer.verdict,
    paths: answer.paths.map(pathOf),
    denies: answer.denies.map((deny) => ({ id: deny.id, name: deny.name, scope: deny.scopeId })),
    nearMisses: answer.paths.length === 0 ? answer.nearMisses.filter((miss) => sees(sight, placeOf(miss))).map(missOf) : [],
    because: answer.because,
    coverage: {
      runId: null,
      at,
      complete: isComplete(estate.gaps),
      gaps: lines.flatMap(({ state, ...line }) => (state === 'whole' ? [] : [{ ...line, state }])),
      ...(sight.kind === 'subscriptions' && { restrictedTo: sight.ids }),
    },
  };
}

function pathOf(path: Path): AccessAnswer['paths'][number] {
  const { kind } = path;
  const text = pathSentence(path);
  switch (path.kind) {
    case 'role': {
      const condition = 'text' in path.condition ? { condition: path.condition.text } : {};
      return {
        kind,
        text,
        role: path.role.name,
        scope: path.assignment.scopeId,
        assignmentId: path.assignment.id,
        groups: path.groups,
        ...condition,
      };
    }
    case 'vault-policy':
      return { kind, text, scope: path.vault };
    case 'native-role':
      return { kind, text, role: path.roleName, scope: path.account, assignmentId: path.assignmentId };
  }
}

const missOf = (miss: NearMiss): AccessAnswer['nearMisses'][number] => ({
  kind: miss.kind,
  text: missSentence(miss),
  scope: placeOf(miss),
  ...('role' in miss && { role: miss.role.name }),
  ...('assignment' in miss && { assignmentId: miss.assignment.id }),
});

const placeOf = (miss: NearMiss): string => ('assignment' in miss ? miss.assignment.scopeId : miss.vault);
