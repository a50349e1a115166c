import * as fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { mimeOf } from '../../src/channels/mime.ts';
import type { Mail } from '../../src/messages/index.ts';
import { mail, people, receivers } from './receivers.ts';

const parsed = async (given: Mail) => PostalMime.parse(await mimeOf(given, 'mi-audit@contoso.example', people, '<own@contoso.example>'));
const headersOf = ({
  headers,
}: {
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}): Record<string, readonly string[]> =>
  Object.fromEntries(
    Map.groupBy(headers, ({ key }) => key)
      .entries()
      .map(([key, all]) => [key, all.map(({ value }) => value)]),
  );

const textOf = (content: string | ArrayBuffer | Uint8Array): string =>
  typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString();

describe('a mail, as a reader gets it over a real SMTP connection', () => {
  test('keeps its thread, its list and its attachments', async () => {
    const csv = Buffer.from('\uFEFFname;rôle\r\n"Søren; Ærø";Owner\r\n,\0,\r\n.\r\n..\r\n');
    const picture = Uint8Array.from({ length: 5000 }, (_, n) => (n * 31) % 256);
    await using at = await receivers();
    const sent = mail({
      subject: 'Ürümqi-Identität 身份 verliert Zugriff – seit 08:00 auf „Schlüssel-Tresor“, und das schon zum dritten Mal in dieser Woche',
      text: `Grüße\n${'langer-name-'.repeat(120)}\n.\nFrom here on`,
      html: `<p>Grüße</p><img src="cid:chart@mi-audit" alt=""><p>${'langer-name-'.repeat(120)}</p>`,
      headers: {
        'Message-ID': '<incident-1.2@contoso.example>',
        References: '<incident-1@contoso.example>',
        'In-Reply-To': '<incident-1@contoso.example>',
        'List-Id': 'mi-audit <mi-audit.contoso.example>',
      },
      attachments: [
        { name: 'identitäten 身份.csv', contentType: 'text/csv; charset=utf-8', content: csv },
        { name: 'chart.png', contentType: 'image/png', content: picture, contentId: 'chart@mi-audit' },
      ],
    });
    expect(await at.messenger.sendMail(sent, people, 'delivery-1')).toEqual({ kind: 'delivered' });
    const [got] = (await at.received()).mails;
    expect(got).toMatchObject({
      from: 'mi-audit@contoso.example',
      to: people,
      subject: sent.subject,
      messageId: '<incident-1.2@contoso.example>',
    });
    expect(got?.headers).toMatchObject({
      references: '<incident-1@contoso.example>',
      'in-reply-to': '<incident-1@contoso.example>',
      'list-id': 'mi-audit <mi-audit.contoso.example>',
      'auto-submitted': 'auto-generated',
      to: people.join(', '),
    });
    expect(got?.text.trimEnd()).toBe(sent.text);
    expect(got?.html).toContain('langer-name-'.repeat(120));
    expect(got?.attachments.map(({ name, contentId }) => [name, contentId]).toSorted()).toEqual([
      ['chart.png', 'chart@mi-audit'],
      ['identitäten 身份.csv', undefined],
    ]);
    expect(Buffer.from(got?.attachments.find(({ name }) => name.endsWith('.csv'))?.content ?? []).equals(csv)).toBe(true);
    expect(Buffer.from(got?.attachments.find(({ name }) => name === 'chart.png')?.content ?? []).equals(Buffer.from(picture))).toBe(true);
    const lines = Buffer.from(got?.raw ?? [])
      .toString('latin1')
      .split('\r\n');
    // https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(998);
    expect(lines.every((line) => /^[\x20-\x7e\t]*$/.test(line))).toBe(true);
  });

  test('has an id derived from its reference where it brings none', async () => {
    await using at = await receivers();
    await at.messenger.sendMail(mail(), people, 'delivery 1>');
    expect((await at.received()).mails[0]?.messageId).toBe('<delivery-1-@contoso.example>');
  });
});

describe('nothing in a mail becomes a header', () => {
  const evil = 'x\r\nBcc: thief@evil.example\r\n\r\n<script>';

  test.each<readonly [string, Partial<Mail>]>([
    ['a subject', { subject: evil }],
    ['a header value', { headers: { 'List-Id': evil } }],
    ['a header name', { headers: { 'X-A\r\nBcc: thief@evil.example\r\nX-B': 'x' } }],
    ['a header of the envelope', { headers: { Bcc: 'thief@evil.example', to: 'thief@evil.example', FROM: 'thief@evil.example' } }],
    ['a message id', { headers: { 'Message-ID': evil } }],
    ['references', { headers: { References: evil } }],
    ['the name of an attachment', { attachments: [{ name: evil, contentType: 'text/csv', content: 'a' }] }],
    ['the type of an attachment', { attachments: [{ name: 'a', contentType: `text/csv${evil}`, content: 'a' }] }],
    ['the id of a picture', { attachments: [{ name: 'a', contentType: 'image/png', content: 'a', contentId: evil }] }],
  ])('from %s', async (_, more) => {
    const got = await parsed(mail(more));
    expect(got.bcc).toBeUndefined();
    expect(got.to?.map(({ address }) => address)).toEqual(people);
    expect(got.from?.address).toBe('mi-audit@contoso.example');
    expect(got.text?.trim()).toBe(mail().text);
  });

  test('whatever the texts are', async () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(evil, '=?utf-8?q?x?=', '\u2028Bcc: a@b.c', '"', '\\', '(', '<a@b>'),
    );
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, async (subject, listId, name) => {
        const got = await parsed(
          mail({ subject, headers: { 'List-Id': listId }, attachments: [{ name, contentType: 'text/csv', content: 'a,b' }] }),
        );
        const headers = headersOf(got);
        expect(
          Object.keys(headers)
            .toSorted()
            .filter((key) => key !== 'list-id' && key !== 'subject'),
        ).toEqual(['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'to', 'x-auto-response-suppress']);
        expect(Object.values(headers).every((all) => all.length === 1)).toBe(true);
        expect(got.attachments.map(({ content }) => textOf(content))).toEqual(['a,b']);
        expect(got.text?.trim()).toBe(mail().text);
      }),
      { numRuns: 60 },
    );
  });

  test('and nothing names a file to be read', async () => {
    const got = await parsed(
      mail({
        text: '/etc/hostname',
        html: '<img src="file:///etc/hostname">',
        attachments: [{ name: '/etc/hostname', contentType: 'text/plain', content: 'file:///etc/hostname' }],
      }),
    );
    expect(got.attachments.map(({ content }) => textOf(content))).toEqual(['file:///etc/hostname']);
  });
});
