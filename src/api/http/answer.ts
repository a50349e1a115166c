import type { Sheet } from './csv.ts';

/** What a handler answers, before it is put into words for the wire. */
export type Answer =
  | {
      readonly kind: 'json';
      readonly body: unknown;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Where the answer also comes as rows for a spreadsheet. */
      readonly sheet?: { readonly name: string; readonly rows: () => Sheet };
    }
  | {
      readonly kind: 'text';
      readonly contentType: string;
      readonly text: string;
      /** Instead of the API's own content security policy, for what is a page. */
      readonly contentPolicy?: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

export const json = (body: unknown): Answer => ({ kind: 'json', body });
export const markdownText = (text: string): Answer => ({ kind: 'text', contentType: 'text/markdown; charset=utf-8', text });
