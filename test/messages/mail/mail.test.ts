import * as fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { mimeOf } from '../../../src/channels/mime.ts';
import { renderMail, type Mail, type MessageContext } from '../../../src/messages/index.ts';
import { anyContext, anyMessage, context, digest, finding, incident, nasties, withoutPage } from '../card/samples.ts';

/** What a mail program makes a link of by itself, in the words of Gmail, Outlook and Apple Mail: addresses with a scheme, `www.`, mail addresses, names with a dot. */
const autolinked =
  /[a-z][a-z0-9+.-]*:\/\/|\bwww\.[a-z0-9]|[\p{L}\p{N}]@[\p{L}\p{N}]|mailto:[a-z]|[a-z0-9-]\.(example|com|org|net|zip|exe)\b/iu;

describe('a mail about an incident', () => {
  it('says who, on what, since when, why and what to type, in this order, in both parts', async () => {
    const mail = await renderMail(incident(), context);
    expect(mail.subject).toBe('[mi-audit] high: id-pay is refused by kv-pay (missing-role)');
    for (const text of [mail.text, visibleText(mail.html)]) {
      const places = [
        'id-pay is refused by kv-pay, since',
        'Missing role (likely)',
        'Identity',
        'What to type',
        'az role assignment create',
        'Evidence',
        'Ruled out',
        'Coverage',
      ].map((words) => text.toLowerCase().indexOf(words.toLowerCase()));
      expect(places).not.toContain(-1);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
  });

  it('prints a command that can be copied as it stands', async () => {
    const { text, html } = await renderMail(incident(), context);
    const command =
      "az role assignment create --assignee-object-id 1111 --role 4633458b-17de-408a-b874-0445c86b69e6 --scope '/subscriptions/0b1f6471-1bf0-4dda-aec3-111122223333/resourceGroups/rg-pay/providers/Microsoft.KeyVault/vaults/kv-pay'";
    expect(text.split('\n').map((line) => line.trim())).toContain(command);
    expect(visibleText(html)).toContain(command);
  });

  it('leaves a command with an address out of the plain text, where nothing keeps it from becoming a link, and says where it is', async () => {
    const cli = "az identity federated-credential create --issuer 'https://token.evil.example' --name x";
    const [cause] = incident().incident.causes;
    const { text, html } = await renderMail(incident({ causes: [{ ...cause!, fix: [{ text: 'Trust it.', cli }] }] }), withoutPage);
    expect(text).not.toContain('token.evil.example');
    expect(text).toContain('mi-audit show incident-00aa');
    expect(visibleText(html)).toContain(cli);
    expect(html).not.toContain('https://token.evil.example');
  });

  it('tells how it ended', async () => {
    const mail = await renderMail(
      incident({ resolvedAt: '2026-11-20T07:59:00.000Z', resolvedBy: 'the call is allowed again' }, 'resolved'),
      context,
    );
    expect(mail.subject).toBe('[mi-audit] resolved: id-pay is no longer refused by kv-pay (missing-role)');
    expect(mail.text).toContain('What ended it: the call is allowed again.');
    expect(mail.text).not.toContain('WHAT TO TYPE');
  });

  it('is one thread from first to last, and the same mail twice has one id', async () => {
    const opened = await renderMail(incident(), { ...context, reference: 'email.a' });
    const again = await renderMail(incident(), { ...context, reference: 'email.a', attempt: 2 });
    const resolved = await renderMail(incident({}, 'resolved'), { ...context, reference: 'email.b' });
    const other = await renderMail(incident({ id: 'incident-00bb' }), { ...context, reference: 'email.c' });
    expect(again.headers['Message-ID']).toBe(opened.headers['Message-ID']);
    expect(resolved.headers['Message-ID']).not.toBe(opened.headers['Message-ID']);
    expect(resolved.headers['References']).toBe(opened.headers['References']);
    expect(resolved.headers['In-Reply-To']).toBe(opened.headers['References']);
    expect(other.headers['References']).not.toBe(opened.headers['References']);
    expect(again.text).toContain('attempt 2');
    expect(opened.headers).toMatchObject({
      'List-Id': expect.stringMatching(/^mi-audit alerts <alerts\.[a-z0-9.-]+>$/),
      'Auto-Submitted': 'auto-generated',
    });
  });
});

describe('every mail', () => {
  it('says what was not seen, or that all was', async () => {
    const gap = {
      slice: 'roleAssignments',
      scope: '/subscriptions/0b1f6471-1bf0-4dda-aec3-111122223333',
      state: 'missing',
      why: 'refused',
      permission: 'Microsoft.Authorization/roleAssignments/read',
    } as const;
    for (const message of [incident(), finding(), digest()]) {
      expect((await renderMail(message, context)).text).toContain('Coverage: this run saw everything it asked for.');
      const blind = await renderMail(message, { ...context, gaps: [gap] });
      for (const text of [blind.text, visibleText(blind.html)]) {
        expect(text).toContain('Not seen: role assignments in subscription');
        expect(text).not.toContain('saw everything');
      }
    }
  });

  it('has links only where the page has an address, and all of them lead to it or to the portal', async () => {
    for (const message of [incident(), finding(), digest()]) {
      const links = hrefs((await renderMail(message, context)).html);
      expect(links.length).toBeGreaterThan(0);
      for (const link of links) expect(link).toMatch(/^https:\/\/(mi-audit\.example|portal\.azure\.com)\//);
      for (const link of hrefs((await renderMail(message, withoutPage)).html)) expect(link).toMatch(/^https:\/\/portal\.azure\.com\//);
    }
  });

  it('fetches nothing and runs nothing', async () => {
    for (const message of [incident(), finding(), digest()]) {
      const { html } = await renderMail(message, context);
      expect(html).not.toMatch(/<(script|img|iframe|link|object|form|svg|base)\b|\son[a-z]+=|url\(|@import/i);
      expect(html).not.toMatch(/display:\s*(flex|grid)|position:\s*absolute/);
    }
  });

  it.each(nasties)('shows %j as text and nothing else, wherever it stands', async (text) => {
    for (const message of [
      incident({ principal: { id: text, kind: text, name: text, resourceId: text, clientId: text }, targets: [text], operations: [text] }),
      finding(
        { title: text, message: text, scope: text, evidence: [{ label: text, value: text, source: 'graph' }] },
        'acceptance-expired',
        text,
      ),
      digest({ entries: [{ about: 'finding', id: text, event: 'opened', severity: 'low', topic: text, title: text, scope: text }] }),
    ])
      harmless(await renderMail(message, withoutPage), withoutPage);
  });

  it('is small, one line of subject, and holds no foreign link, header or markup whatever the names are', async () => {
    await fc.assert(
      fc.asyncProperty(anyMessage, anyContext, async (message, around) => {
        const mail = await renderMail(message, around);
        harmless(mail, around);
        expect(Buffer.byteLength(mail.html)).toBeLessThan(102_000);
        expect(Buffer.byteLength(mail.text)).toBeLessThan(102_000);
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('comes out of a MIME parser as it went in', async () => {
    const mail = await renderMail(finding({ title: 'Schlüssel \r\nBcc: everybody@evil.example 身份' }), context);
    const parsed = await PostalMime.parse(await mimeOf(mail, 'mi-audit@contoso.example', ['security@contoso.example'], '<x@y>'));
    expect(parsed.subject).toBe(mail.subject);
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.messageId).toBe(mail.headers['Message-ID']);
    expect(parsed.text?.trim()).toBe(mail.text.trim());
    expect(parsed.headers.find(({ key }) => key === 'list-id')?.value).toBe(mail.headers['List-Id']);
  });
});

function harmless(mail: Mail, around: MessageContext): void {
  expect(mail.subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
  expect(mail.subject).not.toMatch(autolinked);
  for (const [name, value] of Object.entries(mail.headers)) {
    expect(name).toMatch(/^[A-Za-z-]+$/);
    expect(value).toMatch(/^[\x20-\x7e]{1,400}$/);
  }
  const ours = [around.siteUrl, around.portalUrl].filter((url) => url !== undefined);
  for (const link of hrefs(mail.html)) expect(ours.some((url) => link.startsWith(`${url.replace(/\/+$/, '')}/`))).toBe(true);
  expect(mail.html).not.toMatch(/<(script|img|iframe|object|form|svg|base|at)\b|<[^>]*\son[a-z]+=/i);
  expect(mail.text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000-\u0009\u000b-\u001f]/);
  // Lines of links are ours; commands are as they are, or left out.
  const links = new Set(hrefs(mail.html));
  const others = mail.text.split('\n').filter((line) => !links.has(line) && !/^ {4}\S/.test(line));
  for (const line of others) expect(line).not.toMatch(autolinked);
}

const hrefs = (html: string): readonly string[] =>
  [...html.matchAll(/href="([^"]*)"/g)].map(([, url = '']) => url.replaceAll('&amp;', '&').replaceAll('&#x27;', "'"));

const visibleText = (html: string): string =>
  html
    .replace(/<head>[\s\S]*?<\/head>|<!--[\s\S]*?-->|<div[^>]*display:none[\s\S]*?<\/div>/g, '')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
