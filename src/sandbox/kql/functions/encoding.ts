/** Base64, URLs, CSV and hashes. */
import { createHash } from 'node:crypto';
import { unsupported } from '../kql-error.ts';
import { type Builtins, lenient, strict } from './define.ts';
import { guidFromText } from '../convert.ts';
import type { Bag } from '../dynamic.ts';

const digest = (algorithm: string) =>
  strict(['string'], (text: string) => {
    if (text === '') throw unsupported('the hash of an empty text');
    return createHash(algorithm).update(text, 'utf8').digest('hex');
  });

export const ENCODING: Builtins = {
  base64_encode_tostring: strict(['string'], (text: string) => Buffer.from(text, 'utf8').toString('base64')),
  base64_encodestring: strict(['string'], (text: string) => Buffer.from(text, 'utf8').toString('base64')),
  base64_decode_tostring: strict(['string'], decodeText),
  base64_decodestring: strict(['string'], decodeText),
  base64_decode_toarray: strict(['string'], (text: string) => (isBase64(text) ? [...Buffer.from(text, 'base64')] : null)),
  base64_encode_fromarray: strict(['dynamic'], (bytes: unknown) => {
    if (!Array.isArray(bytes) || !bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)) return '';
    return Buffer.from(bytes as number[]).toString('base64');
  }),
  base64_encode_fromguid: strict(['guid'], (guid: string) => swapGuid(Buffer.from(guid.replaceAll('-', ''), 'hex')).toString('base64')),
  base64_decode_toguid: strict(['string'], (text: string) => {
    const bytes = isBase64(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
    return bytes.length === 16 ? guidFromText(swapGuid(bytes).toString('hex')) : null;
  }),
  url_encode: strict(['string'], (text: string) => percent(text, '+')),
  url_encode_component: strict(['string'], (text: string) => percent(text, '%20')),
  url_decode: strict(['string'], (text: string) => {
    if (/\+/.test(text)) throw unsupported('url_decode() of a text with +');
    try {
      return decodeURIComponent(text);
    } catch {
      throw unsupported(`url_decode() of ${text}`);
    }
  }),
  parse_url: lenient(['string'], parseUrl),
  parseurl: lenient(['string'], parseUrl),
  parse_urlquery: lenient(['string'], (text: string) => ({ 'Query Parameters': queryParameters(text) })),
  parseurlquery: lenient(['string'], (text: string) => ({ 'Query Parameters': queryParameters(text) })),
  parse_csv: strict(['string'], parseCsv),
  hash_sha256: digest('sha256'),
  hash_sha1: digest('sha1'),
  hash_md5: digest('md5'),
};

/** .NET stores the first three groups of a guid in reverse. */
function swapGuid(bytes: Buffer): Buffer {
  return Buffer.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((i) => bytes[i] as number));
}

function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
}

function decodeText(text: string): string | null {
  if (!isBase64(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  const decoded = bytes.toString('utf8');
  return Buffer.from(decoded, 'utf8').equals(bytes) ? decoded : null;
}

/** Lower-case hex, as the documented examples show. */
function percent(text: string, space: string): string {
  // The two pages' examples contradict each other on a final slash.
  if (text.endsWith('/')) throw unsupported('url_encode() of a text that ends with /');
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => {
      if (char === "'") throw unsupported("url_encode() of a text with '");
      return char;
    })
    .replaceAll('%20', space)
    .replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

/** https://learn.microsoft.com/kusto/query/parse-url-function */
function parseUrl(text: string): Bag {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^:/?#]*)(?::(\d+))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i.exec(text);
  if (!match) throw unsupported(`parse_url() of ${text}`);
  const [, scheme = '', user = '', password = '', host = '', port = '', path = '', query, fragment = ''] = match;
  return {
    Scheme: scheme,
    Host: host,
    Port: port,
    Path: path,
    Username: user,
    Password: password,
    'Query Parameters': query === undefined ? {} : queryParameters(query),
    Fragment: fragment,
  };
}

function queryParameters(text: string): Bag {
  const bag: Bag = {};
  for (const pair of text.split('&').filter(Boolean)) {
    const at = pair.indexOf('=');
    if (/%|\+/.test(pair)) throw unsupported('parse_urlquery() of an encoded query');
    const key = at < 0 ? pair : pair.slice(0, at);
    if (Object.hasOwn(bag, key)) throw unsupported(`parse_urlquery() of a query with '${key}' twice`);
    bag[key] = at < 0 ? '' : pair.slice(at + 1);
  }
  return bag;
}

/** The first record only. Quotes guard commas and line ends; a doubled quote is a quote. */
function parseCsv(text: string): string[] | null {
  if (text === '') return null;
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let field = '';
      at += 1;
      while (at < text.length && !(text[at] === '"' && text[at + 1] !== '"')) {
        if (text[at] === '"') at += 1;
        field += text[at];
        at += 1;
      }
      if (at >= text.length) throw unsupported('parse_csv() of an open quote');
      fields.push(field);
      at += 1;
    } else {
      const end = text.slice(at).search(/[,\r\n]/);
      const stop = end < 0 ? text.length : at + end;
      fields.push(text.slice(at, stop));
      at = stop;
    }
    if (text[at] !== ',') return fields;
    at += 1;
  }
}
