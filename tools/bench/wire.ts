import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';

/** What went over the wire, counted beside the product's own count. */
export interface WireCount {
  readonly resourceGraph: number;
  readonly federatedCredentials: number;
  readonly confirmations: number;
  /** Everything else: Microsoft Graph, role definitions, … */
  readonly other: number;
  readonly throttled: number;
  /** Files that the answers of Resource Graph and Microsoft Graph were kept in. */
  readonly pages: readonly string[];
}

/** The real HTTP client, which also counts, and keeps the text of every page in a file: the measure that judge and reconcile are held against. */
export function watchedWire(pagesDir: string | undefined): { readonly httpClient: HttpClient; readonly count: () => WireCount } {
  const inner = createDefaultHttpClient();
  const counts = { resourceGraph: 0, federatedCredentials: 0, confirmations: 0, other: 0, throttled: 0 };
  const pages: string[] = [];
  const keep = (text: string): void => {
    if (pagesDir === undefined) return;
    const file = join(pagesDir, `${pages.length}.json`);
    writeFileSync(file, text);
    pages.push(file);
  };
  return {
    httpClient: {
      async sendRequest(request) {
        const kind = kindOf(request.method, new URL(request.url));
        counts[kind] += 1;
        const response = await inner.sendRequest(request);
        if (response.status === 429) counts.throttled += 1;
        if (response.status === 200 && kind !== 'federatedCredentials' && kind !== 'confirmations') keep(response.bodyAsText ?? '');
        return response;
      },
    },
    count: () => ({ ...counts, pages: [...pages] }),
  };
}

function kindOf(method: string, { pathname }: URL): 'resourceGraph' | 'federatedCredentials' | 'confirmations' | 'other' {
  const path = pathname.toLowerCase();
  if (path.endsWith('/microsoft.resourcegraph/resources')) return 'resourceGraph';
  if (path.includes('/federatedidentitycredentials')) return 'federatedCredentials';
  if (method === 'GET' && /\/microsoft\.authorization\/roleassignments\/[^/]+$/.test(path)) return 'confirmations';
  return 'other';
}
