import { z } from 'zod';
import * as contract from './contract/index.ts';
import type { Representation, Route } from './http/route.ts';

/** The OpenAPI 3.1 document, made of the routes and their schemas: it cannot say anything that the code does not do. */
export function openApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'mi-audit',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Findings, incidents and identities of the managed identity auditor. Every list says next to its items what could not be seen (`coverage`): an empty list with gaps is no proof that nothing is wrong.',
    },
    servers: [{ url: '/' }],
    security: [{ entra: [] }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        entra: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Access token of Microsoft Entra ID for this API.' },
      },
    },
  };
}

function operationOf(route: Route): object {
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: needsInWords(route.needs),
    ...(route.needs === 'anybody' && { security: [] }),
    parameters: [...pathParameters(route.path), ...queryParameters(route.query)],
    ...(route.body !== undefined && { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body) } } } }),
    responses: {
      ...Object.fromEntries(Object.entries(route.answers).map(([status, answer]) => [status, responseOf(answer)])),
      ...(route.method === 'GET' && { 304: { description: 'It is what If-None-Match names.' } }),
      default: {
        description: 'What went wrong.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

/** `GET /api/findings/{id}` → `getFindingsId` */
const operationId = ({ method, path }: Route): string =>
  method.toLowerCase() +
  path
    .replace(/^\/api\//, '')
    .split(/[^a-z0-9]+/i)
    .filter((part) => part !== '')
    .map((part) => part[0]!.toUpperCase() + part.slice(1))
    .join('');

function needsInWords(needs: Route['needs']): string {
  if (needs === 'anybody') return 'Takes no token.';
  return needs === 'caller' ? 'Needs a token of any caller.' : `Needs the app role ${needs.join(' or ')}.`;
}

const pathParameters = (path: string): readonly object[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

function queryParameters(query: Route['query']): readonly object[] {
  if (query === undefined) return [];
  const { properties = {} } = z.toJSONSchema(query, { io: 'output', unrepresentable: 'any', override: plain });
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = typeof schema === 'object' ? schema : {};
    return {
      name,
      in: 'query',
      required: false,
      ...(description !== undefined && { description }),
      ...(rest.type === 'array' && { style: 'form', explode: false }),
      schema: rest,
    };
  });
}

function responseOf({ about, json, also = [] }: Representation): object {
  const content = {
    ...(json !== undefined && { 'application/json': { schema: schemaOf(json) } }),
    ...Object.fromEntries(also.map((type) => [type, { schema: { type: 'string' } }])),
  };
  return { description: about, content };
}

/** Schemas of the contract go by their names. */
function schemaOf(schema: z.ZodType): object {
  const name = names.get(schema);
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  return withoutPlace(z.toJSONSchema(schema, { io: 'input', override: plain }));
}

const named = Object.entries(contract).flatMap(([name, schema]) => (schema instanceof z.ZodObject ? [[name, schema] as const] : []));
const names: ReadonlyMap<unknown, string> = new Map(named.map(([name, schema]) => [schema, name]));

function componentSchemas(): Readonly<Record<string, object>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of named) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', override: plain, uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutPlace(schema)]));
}

/** In a document of its own a schema says which language it is in and where it stands; here the document does. */
const withoutPlace = (schema: object): object =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'));

/** `readonly` is a word of our code, not of the wire; JSON's keys are strings anyway. */
function plain({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  delete jsonSchema.readOnly;
  delete jsonSchema.propertyNames;
}
