import { createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { mailGuard } from '../../src/azure/communication-email-guard.ts';
import { mailServerOf } from '../../src/channels/mail-server.ts';
import { retryAfterSeconds } from '../../src/channels/retry-after.ts';
import { answerOf } from '../../src/channels/teams-answer.ts';

const nowMs = Date.parse('2026-11-20T08:00:00Z');

test.each([
  ['17', 17],
  [' 0 ', 0],
  ['Fri, 20 Nov 2026 08:01:30 GMT', 90],
  ['Fri, 20 Nov 2026 07:00:00 GMT', 0],
  ['99999999', 86_400],
  ['Sat, 20 Nov 2055 08:00:00 GMT', 86_400],
  ['-5', undefined],
  ['1e9', undefined],
  ['soon', undefined],
  ['Fri, 99 Nov', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After: %j means %j s', (text, seconds) => {
  expect(retryAfterSeconds(text, nowMs)).toBe(seconds);
});

test.each([
  ['smtps://u:p@mail.example', { host: 'mail.example', port: 465, secure: true, auth: { user: 'u', pass: 'p' } }],
  ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false }],
  ['smtp://a%40b:p%2Fq%25@mail.example:2525', { host: 'mail.example', port: 2525, secure: false, auth: { user: 'a@b', pass: 'p/q%' } }],
  ['smtps://u:100%@mail.example', { host: 'mail.example', port: 465, secure: true, auth: { user: 'u', pass: '100%' } }],
  [
    'smtps://u:p@[::1]:25?requireTLS=false&tls.rejectUnauthorized=false',
    { host: '::1', port: 25, secure: true, auth: { user: 'u', pass: 'p' } },
  ],
  ['smtps://u:p%0d%0aRSET@mail.example', undefined],
  ['https://mail.example', undefined],
  ['smtp://', undefined],
  ['mail.example', undefined],
])('SMTP_URL %s', (url, server) => {
  expect(mailServerOf(url)).toEqual(server);
});

describe('a webhook that says 200', () => {
  const answer = (text: string) => answerOf({ status: 200, retryAfter: undefined, text }, { byProxy: false, nowMs });
  const old = (status: number): string =>
    `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${status} with ContextId tcid=0.`;

  test.each([
    ['and means it', '1', 'delivered'],
    ['and nothing else', '', 'delivered'],
    ['although Teams was throttled', old(429), 'later'],
    ['although Teams was down', old(503), 'later'],
    ['although the card was too large', old(413), 'refused'],
    ['although Teams says 200 in an error', old(200), 'refused'],
  ])('%s', (_, text, kind) => {
    expect(answer(text)).toMatchObject({ kind });
  });
});

describe('the guard of the mail client', () => {
  const endpoint = 'https://acs.communication.azure.com';
  const pass = async (method: 'GET' | 'POST' | 'DELETE' | 'PUT', url: string): Promise<'sent' | 'refused'> => {
    const request = createPipelineRequest({ url, method });
    const next = async (): Promise<PipelineResponse> => ({ request, status: 200, headers: request.headers });
    return mailGuard(endpoint)
      .sendRequest(request, next)
      .then(
        () => 'sent' as const,
        () => 'refused' as const,
      );
  };

  test.each([
    ['POST', '/emails:send?api-version=2025-09-01', 'sent'],
    ['GET', '/emails/operations/00000000-0000-0000-0000-000000000000?api-version=2025-09-01', 'sent'],
    ['POST', '/emails:send', 'refused'],
    ['POST', '/identities?api-version=2025-09-01', 'refused'],
    ['POST', '/emails:send/../identities?api-version=2025-09-01', 'refused'],
    ['DELETE', '/emails/operations/00000000-0000-0000-0000-000000000000?api-version=2025-09-01', 'refused'],
    ['PUT', '/emails:send?api-version=2025-09-01', 'refused'],
    ['GET', '/sms?api-version=2025-09-01', 'refused'],
    ['POST', '.evil.example/emails:send?api-version=2025-09-01', 'refused'],
  ] as const)('%s %s is %s', async (method, path, outcome) => {
    expect(await pass(method, `${endpoint}${path}`)).toBe(outcome);
  });
});
