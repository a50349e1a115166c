import type { z } from 'zod';
import { causes, type Cause } from '../../incidents/index.ts';
import { rules, type Rule } from '../../rules/index.ts';
import { CauseDocument, CauseList, RuleDocument, RuleList } from '../contract/index.ts';
import { json, markdownText, type Answer } from '../http/answer.ts';
import { Refusal } from '../http/problem.ts';
import { bestOf } from '../http/respond.ts';
import { route } from '../http/route.ts';

const needs = 'caller';
const markdown = ['text/markdown'];

export const listRules = route({
  method: 'GET',
  path: '/api/rules',
  summary: 'What is looked for, why it matters and how it is fixed',
  needs,
  answers: { 200: { about: 'All rules.', json: RuleList } },
  handle: async () => json({ items: rules.map(ruleDocument) }),
});

export const oneRule = route({
  method: 'GET',
  path: '/api/rules/{id}',
  summary: 'One rule',
  needs,
  answers: { 200: { about: 'Its documentation.', json: RuleDocument, also: markdown } },
  handle: async ({ path: { id }, request }) =>
    documented(
      request,
      rules.find((rule) => rule.id === id),
      ruleDocument,
      rulePage,
    ),
});

export const listCauses = route({
  method: 'GET',
  path: '/api/causes',
  summary: 'Why calls are refused',
  needs,
  answers: { 200: { about: 'All causes.', json: CauseList } },
  handle: async () => json({ items: causes.map(causeDocument) }),
});

export const oneCause = route({
  method: 'GET',
  path: '/api/causes/{id}',
  summary: 'One cause',
  needs,
  answers: { 200: { about: 'Its documentation.', json: CauseDocument, also: markdown } },
  handle: async ({ path: { id }, request }) =>
    documented(
      request,
      causes.find((cause) => cause.id === id),
      causeDocument,
      causePage,
    ),
});

function documented<One>(request: Request, one: One | undefined, document: (one: One) => unknown, page: (one: One) => string): Answer {
  if (one === undefined) throw new Refusal('not-found', 'Nothing has this id. The list above it names all.');
  const type = bestOf(request.headers.get('accept'), ['application/json', 'text/markdown']);
  return type === 'text/markdown' ? markdownText(page(one)) : json(document(one));
}

const ruleDocument = ({
  id,
  title,
  severity,
  confidence,
  why,
  fix,
  needs: seen,
  controls,
  references,
}: Rule): z.input<typeof RuleDocument> => ({
  id,
  title,
  severity,
  confidence,
  why,
  fix,
  controls,
  references,
  needs: Object.fromEntries(Object.entries(seen)),
});

const causeDocument = ({ id, title, explain, needs: seen, references }: Cause): z.input<typeof CauseDocument> => ({
  id,
  title,
  explain,
  needs: seen,
  references,
});

const rulePage = ({ title, id, severity, confidence, why, fix, controls, references }: Rule): string =>
  [
    `# ${title}`,
    `\`${id}\`: usually ${severity}, confidence ${confidence}.`,
    '## Why it matters',
    why.trim(),
    '## What to do',
    fix.trim(),
    ...listed('Controls', controls),
    ...listed('References', references),
  ].join('\n\n');

const causePage = ({ title, id, explain, references }: Cause): string =>
  [`# ${title}`, `\`${id}\`: a cause of refused calls.`, explain.trim(), ...listed('References', references)].join('\n\n');

const listed = (heading: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`## ${heading}`, lines.map((line) => `- ${line}`).join('\n')];
