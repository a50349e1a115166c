import { BlockList, isIP } from 'node:net';

/** How requests to one address leave this host, as the proxy variables say; a proxy is named by its address, without credentials. */
export interface ProxyRoute {
  /** As Azure's SDK for JavaScript reads them; that for .NET reads NO_PROXY alike. */
  readonly azureSdk: string | undefined;
  /** As curl, Go, Java's and Python's clients read them. */
  readonly others: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Programs disagree about these variables. Azure's SDK for JavaScript sends everything, http too, through HTTPS_PROXY, else ALL_PROXY, else HTTP_PROXY, and in NO_PROXY knows
 * exact names and `.suffix` only (`proxyPolicy` of @typespec/ts-http-runtime, a port of .NET's). Others choose the variable by scheme, and know suffixes without a dot,
 * `*`, ports and ranges such as 169.254.0.0/16 (curl 7.86, golang.org/x/net/http/httpproxy, Python's requests).
 */
export function proxyRoute(environment: Environment, url: string): ProxyRoute {
  const target = new URL(url);
  const patterns = (read(environment, 'NO_PROXY') ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const host = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = target.port === '' ? (target.protocol === 'http:' ? '80' : '443') : target.port;
  const byScheme = read(environment, target.protocol === 'http:' ? 'HTTP_PROXY' : 'HTTPS_PROXY') ?? read(environment, 'ALL_PROXY');
  const forAll = read(environment, 'HTTPS_PROXY') ?? read(environment, 'ALL_PROXY') ?? read(environment, 'HTTP_PROXY');
  return {
    azureSdk: forAll === undefined || patterns.some((pattern) => exactly(host, pattern)) ? undefined : forAll,
    others: byScheme === undefined || patterns.some((pattern) => loosely(host, port, pattern.toLowerCase())) ? undefined : byScheme,
  };
}

/** The variables that are set, for a report: names and values without credentials. */
export function proxyVariables(environment: Environment): readonly string[] {
  return ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY']
    .flatMap((name) => [name, name.toLowerCase()])
    .flatMap((name) => (environment[name] ? [`${name}=${withoutCredentials(environment[name])}`] : []));
}

export const withoutCredentials = (proxy: string): string => proxy.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^@/]*@/i, '$1');

function read(environment: Environment, name: string): string | undefined {
  return environment[name] || environment[name.toLowerCase()] || undefined;
}

/** `.example.com` is example.com and everything below it; anything else is one name. */
function exactly(host: string, pattern: string): boolean {
  return pattern.startsWith('.') ? host.endsWith(pattern) || host === pattern.slice(1) : host === pattern;
}

function loosely(host: string, port: string, given: string): boolean {
  if (given === '*') return true;
  if (given.includes('/')) return inRange(host, given);
  const address = given.replace(/^\[|\]$/g, '');
  if (isIP(address) === 6) return host === address;
  const [, name = '', wanted] = /^(.*?)(?::(\d+))?$/.exec(given) ?? [];
  if (wanted !== undefined && wanted !== port) return false;
  const bare = name.replace(/^\*?\./, '');
  return bare !== '' && (host === bare || (isIP(host) === 0 && host.endsWith(`.${bare}`)));
}

function inRange(host: string, range: string): boolean {
  const [address = '', bits = ''] = range.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
