import { admitIfSignedIn } from '../auth/admit.ts';
import { delegatedScope } from '../auth/caller.ts';
import { sightOf } from '../auth/sight.ts';
import { Config, Health, Me } from '../contract/index.ts';
import { latestRun } from '../coverage-of.ts';
import { json } from '../http/answer.ts';
import { Refusal } from '../http/problem.ts';
import { route } from '../http/route.ts';

export const config = route({
  method: 'GET',
  path: '/api/config',
  summary: 'What the page needs to sign somebody in',
  needs: 'anybody',
  answers: { 200: { about: 'No secret among it.', json: Config } },
  async handle({ api: { settings } }) {
    const { tenantId = '', clientId = '', audiences, authority, version } = settings;
    const audience = audiences.find((each) => each.startsWith('api://')) ?? audiences[0];
    return json({
      configured: tenantId !== '' && clientId !== '' && audience !== undefined,
      tenantId,
      clientId,
      authority: `${authority}/${tenantId}`,
      scopes: audience === undefined ? [] : [`${audience}/${delegatedScope}`],
      version,
    });
  },
});

export const me = route({
  method: 'GET',
  path: '/api/me',
  summary: 'Who asks, and what they may do',
  needs: 'caller',
  answers: { 200: { about: 'The caller.', json: Me } },
  async handle({ caller, api }) {
    if (caller === undefined) throw new Refusal('not-signed-in', 'Nobody is signed in.');
    const sight = sightOf(caller, api.settings);
    const { name, objectId, kind, roles } = caller;
    return json({ name, objectId, kind, roles, ...(sight.kind === 'subscriptions' && { restrictedTo: sight.ids }) });
  },
});

/** What a load balancer asks. Only those who are signed in learn how old the latest complete audit is. */
export const health = route({
  method: 'GET',
  path: '/api/health',
  summary: 'Whether this answers, and how old the latest complete audit is',
  needs: 'anybody',
  answers: { 200: { about: 'It answers.', json: Health } },
  async handle({ request, api }) {
    const caller = await admitIfSignedIn(request, api);
    if (caller === undefined) return json({ status: 'ok' });
    try {
      const run = await latestRun(await api.store(), 'audit', ({ complete }) => complete);
      const at = run?.finishedAt ?? null;
      const hours = at === null ? null : Math.round(((Date.parse(api.now()) - Date.parse(at)) / 3_600_000) * 10) / 10;
      return json({ status: 'ok', lastCompleteAuditAt: at, lastCompleteAuditAgeHours: hours });
    } catch (cause) {
      api.log(`health: the store cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
      return json({ status: 'degraded', because: 'The store cannot be read. The log says why.' });
    }
  },
});
