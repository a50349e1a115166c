import { routes } from '../../src/api/index.ts';
import { openApi } from '../../src/api/openapi.ts';
import { pageWithSections, table } from './marked-section.ts';
import type { Page } from './page.ts';

/** docs/api.md: what can be asked, from the document that `/api/openapi.json` answers. */
export function apiPages(): readonly Page[] {
  const { paths } = openApi(routes, '') as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ request: `${method.toUpperCase()} ${path}`, ...operation })),
  );
  const requests = operations.map(({ request, summary, description, parameters, responses }) => [
    `\`${request}\``,
    summary,
    description.replace(/^Needs the app role (.*)\.$/, '$1').replace(/\.$/, ''),
    parameters
      .filter((parameter) => parameter.in === 'query')
      .map(({ name }) => `\`${name}\``)
      .join(', '),
    typesOf(responses).join(', '),
  ]);
  const asked = operations.flatMap(({ parameters }) => parameters.filter((parameter) => parameter.in === 'query'));
  const parameters = [...Map.groupBy(asked, ({ name }) => name)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, all]) => [`\`${name}\``, [...new Set(all.map(meaningOf))].filter((text) => text !== '').join('. Or: ')]);
  return [
    pageWithSections('docs/api.md', {
      requests: table(['request', 'answers', 'who', 'parameters', 'comes as'], requests),
      parameters: table(['parameter', 'means'], parameters),
    }),
  ];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema: {
    readonly enum?: readonly string[];
    readonly items?: { readonly enum?: readonly string[] };
    readonly minimum?: number;
    readonly maximum?: number;
  };
}
interface Operation {
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Media types of what is answered when nothing went wrong. */
function typesOf(responses: Operation['responses']): readonly string[] {
  const types = Object.entries(responses).flatMap(([status, { content }]) => (status.startsWith('2') ? Object.keys(content ?? {}) : []));
  return [...new Set(types)].map((type) => type.replace(/^(application|text)\//, ''));
}

/** What it says of itself, and what it may be. */
function meaningOf({ description = '', schema }: Parameter): string {
  const values = (schema.enum ?? schema.items?.enum ?? []).map((value) => `\`${value}\``);
  const range = schema.maximum === undefined ? [] : [`${schema.minimum ?? 0} to ${schema.maximum}`];
  return [description.replace(/\.$/, ''), [...values, ...range].join(', ')].filter((text) => text !== '').join(': ');
}
