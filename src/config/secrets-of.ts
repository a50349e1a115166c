import type { Settings } from './settings.ts';

/** The texts of settings that nobody may read in a log, whole and in the parts that are secret by themselves. */
export function secretsOf({
  senders,
  store,
  queues,
  telemetry,
}: Pick<Settings, 'senders' | 'store' | 'queues' | 'telemetry'>): readonly string[] {
  const connections = [store, queues].flatMap((one) => (one?.kind === 'connection-string' ? [one.connectionString] : []));
  const urls = [...Object.values(senders.webhooks), ...(senders.mail?.kind === 'smtp' ? [senders.mail.url] : [])];
  const texts = [
    ...connections.flatMap((text) => [text, ...valuesOf(text, /^(AccountKey|SharedAccessSignature|SharedAccessKey)$/i)]),
    ...urls.flatMap((url) => [url, ...partsOf(url)]),
    ...(telemetry.kind === 'application-insights'
      ? [telemetry.connectionString, ...valuesOf(telemetry.connectionString, /^InstrumentationKey$/i)]
      : []),
    ...(store?.kind === 'account' ? queryOf(store.url) : []),
  ];
  return [...new Set(texts.filter((text) => text !== ''))];
}

/** `Name=value;Name=value`; a value may hold `=`. */
const valuesOf = (text: string, name: RegExp): readonly string[] =>
  text.split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at > 0 && name.test(pair.slice(0, at).trim()) ? [pair.slice(at + 1).trim()] : [];
  });

/** As written, and as a client reads it. */
function partsOf(text: string): readonly string[] {
  if (!URL.canParse(text)) return [];
  const { username, password, pathname, search, href } = new URL(text);
  const parts = [username, password, pathname.length > 1 ? pathname : '', ...search.replace(/^\?/, '').split('&').map(valueOf)];
  return [href, search, ...parts, ...parts.map(decoded)].filter((part) => part.length >= lengthMin);
}

const queryOf = (text: string): readonly string[] => (URL.canParse(text) ? [new URL(text).search].filter((part) => part !== '') : []);

/** `v=1` and `api-version` are no secrets, and taking them out would tear harmless text apart. */
const lengthMin = 8;

const valueOf = (pair: string): string => pair.slice(pair.indexOf('=') + 1);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
