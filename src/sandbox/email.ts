import { randomUUID } from 'node:crypto';
import type { Gate } from './bearer.ts';
import { Failure, notInSandbox } from './failure.ts';
import { jsonBody, type Call, type Reply, type Service } from './http.ts';
import { isObject, listAt, textAt, valueAt, type JsonObject } from './json.ts';
import type { ReceivedMail } from './received.ts';

export interface EmailEndpoint {
  readonly service: Service;
  mails(): readonly ReceivedMail[];
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** https://learn.microsoft.com/azure/communication-services/concepts/service-limits#email */
const requestBytesMax = 10 * 1024 * 1024;

/** Azure Communication Services, as far as mail is sent through it: the send, its status, and an operation id that counts once. */
export function emailEndpoint(gate: Gate): EmailEndpoint {
  const kept = new Map<string, ReceivedMail>();

  function send(call: Call): Reply {
    const id = headerOf(call, 'operation-id') ?? randomUUID();
    if (!guid.test(id)) throw new Failure(400, 'InvalidOperationId', 'The Operation-Id header is not a GUID.');
    if (Buffer.byteLength(call.body) > requestBytesMax) throw new Failure(413, 'RequestTooLarge', 'The request exceeds 10 MB.');
    const mail = mailOf(jsonBody(call));
    if (!kept.has(id.toLowerCase())) kept.set(id.toLowerCase(), mail);
    const version = call.query.get('api-version') ?? '';
    return {
      status: 202,
      headers: {
        'operation-location': `${call.origin}/emails/operations/${id}?api-version=${encodeURIComponent(version)}`,
        'retry-after': '1',
      },
      body: { id, status: 'Running', error: null },
    };
  }

  async function handle(call: Call): Promise<Reply> {
    await gate.admit(call);
    if (call.method === 'POST' && call.path === '/emails:send') return send(call);
    const asked = /^\/emails\/operations\/([^/]+)$/.exec(call.path)?.[1];
    if (call.method !== 'GET' || asked === undefined) throw notInSandbox(`${call.method} ${call.path} of Communication Services`);
    if (!kept.has(asked.toLowerCase())) throw new Failure(404, 'NotFound', 'The operation was not found.');
    return { status: 200, body: { id: asked, status: 'Succeeded', error: null } };
  }
  return {
    service: {
      name: 'email',
      handle,
      refuse: ({ status, code, message, headers }) => ({ status, headers, body: { error: { code, message } } }),
    },
    mails: () => [...kept.values()],
  };
}

function headerOf({ headers }: Call, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

function mailOf(body: JsonObject): ReceivedMail {
  const from = textAt(body, 'senderAddress') ?? '';
  const to = listAt(body, 'recipients', 'to').map((one) => textAt(one, 'address') ?? '');
  const subject = textAt(body, 'content', 'subject') ?? '';
  if (from === '' || subject === '') throw new Failure(400, 'BadRequest', 'senderAddress and content.subject are required.');
  if (to.length === 0 || to.length > 50 || to.includes('')) throw new Failure(400, 'BadRequest', 'recipients.to has 1 to 50 addresses.');
  const headers = valueAt(body, 'headers');
  const named = Object.entries(isObject(headers) ? headers : {}).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return {
    from,
    to,
    raw: new Uint8Array(),
    subject,
    messageId: named.find(([name]) => name === 'message-id')?.[1] ?? '',
    headers: Object.fromEntries(named),
    text: textAt(body, 'content', 'plainText') ?? '',
    html: textAt(body, 'content', 'html') ?? '',
    attachments: listAt(body, 'attachments').map((one) => ({
      name: textAt(one, 'name') ?? '',
      contentType: textAt(one, 'contentType') ?? '',
      contentId: textAt(one, 'contentId'),
      content: Buffer.from(textAt(one, 'contentInBase64') ?? '', 'base64'),
    })),
  };
}
