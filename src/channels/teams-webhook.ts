import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  proxyPolicy,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Delivery, Messenger } from '../ports/index.ts';
import { answerOf } from './teams-answer.ts';
import { errorCodeOf } from './error-code.ts';
import { trusting } from './trust.ts';

export interface TeamsWebhookOptions {
  /** Of the trigger "When a Teams webhook request is received". Whoever has it may post: all of it is a secret. */
  readonly url: string;
  /** PEM of an authority that counts besides those that the machine trusts. */
  readonly ca?: string;
  readonly timeoutSeconds?: number;
}

/** What Teams takes in one message. https://learn.microsoft.com/microsoftteams/limits-specifications-teams#chat */
export const messageBytesMax = 28 * 1024;

/** Posts cards to one Teams channel through its Workflow, by the proxy of the environment where there is one. */
export function teamsWebhook({ url, ca, timeoutSeconds = 30 }: TeamsWebhookOptions): Messenger['sendCard'] {
  // Nothing but the proxy: no policy that follows redirects, tries again by itself, or writes addresses to a log.
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  const client = createDefaultHttpClient();
  const trust = trusting(ca);
  return async (payload, reference) => {
    if (!isUsable(url)) return refused('its URL is not a plain https address. Copy the URL of the Workflow again');
    const bytes = Buffer.byteLength(payload);
    if (bytes > messageBytesMax) return refused(`the card has ${bytes} bytes, and Teams takes at most ${messageBytesMax}`);
    const reached = { peer: false };
    const request = post(url, payload, reference, { signal: AbortSignal.timeout(timeoutSeconds * 1000), trust: trust(), reached });
    let response: PipelineResponse;
    try {
      response = await pipeline.sendRequest(client, request);
    } catch (error) {
      return lost(errorCodeOf(error), reached.peer, timeoutSeconds);
    }
    return answerOf(
      { status: response.status, retryAfter: response.headers.get('retry-after'), text: await beginning(response) },
      { byProxy: !reached.peer, nowMs: Date.now() },
    );
  };
}

function isUsable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return protocol === 'https:' && username === '' && password === '';
}

function post(
  url: string,
  payload: string,
  reference: string,
  on: { readonly signal: AbortSignal; readonly trust: object; readonly reached: { peer: boolean } },
): PipelineRequest {
  return createPipelineRequest({
    url,
    method: 'POST',
    body: payload,
    headers: createHttpHeaders({
      'content-type': 'application/json; charset=utf-8',
      // Names the run in the Workflow's history, so that an admin finds a delivery there.
      // https://learn.microsoft.com/azure/logic-apps/monitor-workflows-collect-diagnostic-data#other-destinations
      'x-ms-client-tracking-id': reference.replace(/[^\w.:-]/g, '-').slice(0, 128),
    }),
    abortSignal: on.signal,
    disableKeepAlive: true,
    // An object of its own gives each call its own agent: a resumed TLS session would not ask checkServerIdentity.
    tlsSettings: {},
    requestOverrides: {
      ...on.trust,
      // Called when the peer has proved its name, and the request is written only after that: until then nothing can have arrived.
      checkServerIdentity(host: string, certificate: PeerCertificate) {
        const problem = checkServerIdentity(host, certificate);
        on.reached.peer = problem === undefined;
        return problem;
      },
    },
    streamResponseStatusCodes: new Set([Number.POSITIVE_INFINITY]),
  });
}

function lost(code: string, peerReached: boolean, timeoutSeconds: number): Delivery {
  const late = code === 'AbortError';
  if (peerReached)
    return {
      kind: 'unknown',
      why: late
        ? `The Teams webhook did not answer within ${timeoutSeconds} s; the card may have been posted.`
        : `The connection to the Teams webhook broke (${code}) before it answered; the card may have been posted.`,
    };
  return {
    kind: 'later',
    why: `The Teams webhook could not be reached (${late ? `no connection within ${timeoutSeconds} s` : code}); nothing was sent. Check name resolution, firewall, proxy and certificates on the way to it.`,
  };
}

const bodyCharactersMax = 4096;

/** As much of the answer as says what it is. Status and headers count even when the rest never comes. */
async function beginning({ readableStreamBody: stream }: PipelineResponse): Promise<string> {
  if (stream === undefined) return '';
  let text = '';
  try {
    for await (const chunk of stream) {
      text += String(chunk);
      if (text.length >= bodyCharactersMax) break;
    }
  } catch {
    return text;
  }
  return text.slice(0, bodyCharactersMax);
}

const refused = (reason: string): Delivery => ({ kind: 'refused', why: `The card was not sent to the Teams webhook: ${reason}.` });
