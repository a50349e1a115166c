import { assert, property, string, webUrl } from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { proxyRoute, proxyVariables, withoutCredentials } from '../../../src/jobs/doctor/proxy-route.ts';

const imds = 'http://169.254.169.254/metadata/identity/oauth2/token';
const vault = 'https://kv.vault.azure.net/';
const p = 'http://proxy:3128';

describe('the route through proxies', () => {
  it.each<[string, Record<string, string>, string, 'both' | 'azure' | 'others' | 'none']>([
    ['no variable', {}, imds, 'none'],
    ['HTTP_PROXY takes http', { HTTP_PROXY: p }, imds, 'both'],
    ['and its lower-case name', { http_proxy: p }, imds, 'both'],
    ["HTTPS_PROXY alone takes http too, for Azure's SDK", { HTTPS_PROXY: p }, imds, 'azure'],
    ["HTTP_PROXY alone takes https too, for Azure's SDK", { HTTP_PROXY: p }, vault, 'azure'],
    ['ALL_PROXY takes all', { ALL_PROXY: p }, imds, 'both'],
    ['an empty variable is none', { HTTP_PROXY: '', HTTPS_PROXY: '' }, imds, 'none'],
    ['an exact name', { HTTP_PROXY: p, NO_PROXY: 'localhost, 169.254.169.254' }, imds, 'none'],
    ['the lower-case list', { HTTP_PROXY: p, no_proxy: '169.254.169.254' }, imds, 'none'],
    ['a range', { HTTP_PROXY: p, NO_PROXY: '169.254.0.0/16' }, imds, 'azure'],
    ['a range beside it', { HTTP_PROXY: p, NO_PROXY: '169.253.0.0/16' }, imds, 'both'],
    ['a range that is none', { HTTP_PROXY: p, NO_PROXY: '169.254.0.0/99,/16,x/8' }, imds, 'both'],
    ['a star', { HTTP_PROXY: p, NO_PROXY: '*' }, imds, 'azure'],
    ['an address is no suffix', { HTTP_PROXY: p, NO_PROXY: '254.169.254' }, imds, 'both'],
    ['a suffix with a dot', { HTTPS_PROXY: p, NO_PROXY: '.vault.azure.net' }, vault, 'none'],
    ['a suffix without one', { HTTPS_PROXY: p, NO_PROXY: 'vault.azure.net' }, vault, 'azure'],
    ['a suffix with a star', { HTTPS_PROXY: p, NO_PROXY: '*.vault.azure.net' }, vault, 'azure'],
    ['half a label is no suffix', { HTTPS_PROXY: p, NO_PROXY: 'ault.azure.net' }, vault, 'both'],
    ['its own port', { HTTPS_PROXY: p, NO_PROXY: 'kv.vault.azure.net:443' }, vault, 'azure'],
    ['another port', { HTTPS_PROXY: p, NO_PROXY: 'kv.vault.azure.net:8443' }, vault, 'both'],
    ['IPv6 in brackets', { HTTP_PROXY: p, NO_PROXY: '[fd00::1]' }, 'http://[fd00::1]/x', 'azure'],
  ])('%s', (_name, environment, url, who) => {
    const { azureSdk, others } = proxyRoute(environment, url);
    expect([azureSdk !== undefined, others !== undefined]).toEqual([who === 'both' || who === 'azure', who === 'both' || who === 'others']);
  });

  test('no list sends more through the proxy than no list at all, and none throws', () => {
    assert(
      property(string(), webUrl(), (list, url) => {
        const without = proxyRoute({ HTTPS_PROXY: p }, url);
        const withList = proxyRoute({ HTTPS_PROXY: p, NO_PROXY: list }, url);
        expect([undefined, without.azureSdk]).toContain(withList.azureSdk);
        expect([undefined, without.others]).toContain(withList.others);
      }),
    );
  });

  test('a password in a proxy address is not repeated', () => {
    expect(withoutCredentials('http://user:pa@ss@proxy:1')).not.toMatch(/user|pa@?ss/);
    expect(proxyVariables({ https_proxy: 'http://u:secret@proxy:1' }).join()).toBe('https_proxy=http://proxy:1');
  });
});
