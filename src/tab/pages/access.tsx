import { Button, Field, Input, Select } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { AccessAnswer, AccessRequest } from '../../api/contract/index.ts';
import { useAccess } from '../api/use-api.ts';
import { CoverageBanner } from '../parts/coverage-banner.tsx';
import { Loading } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { Problem } from '../parts/problem.tsx';
import { operations, Suggestions, useIdentitySuggestions, useScopeSuggestions } from '../parts/suggestions.tsx';
import { usePlace } from '../route.ts';

const planes = { auto: 'as the operation is known', control: 'control plane', data: 'data plane' } as const;

/** May X do Y on Z, and why: the evaluator that judges the findings, asked directly. */
export function AccessPage() {
  const { api } = useAccess();
  const { query } = usePlace();
  const [principal, setPrincipal] = useState(query.get('principal') ?? '');
  const [action, setAction] = useState(query.get('action') ?? '');
  const [on, setOn] = useState(query.get('on') ?? '');
  const [plane, setPlane] = useState<keyof typeof planes>('auto');
  const ask = useMutation({ mutationFn: (question: AccessRequest) => api.send<AccessAnswer>('POST', '/api/access', question) });
  const ready = principal.trim() !== '' && action.trim() !== '' && on.trim() !== '';
  return (
    <>
      <h1>Access</h1>
      <p>Ask whether a principal may do something somewhere. Each question reads the tenant as it is now, which takes a moment.</p>
      <form
        className="filters asks"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !ask.isPending) ask.mutate({ principal: principal.trim(), action: action.trim(), on: on.trim(), plane });
        }}
      >
        <Field label="Who" required>
          <Input
            value={principal}
            placeholder="name, object id, client id or ARM id"
            list="identities"
            onChange={(_event, { value }) => setPrincipal(value)}
          />
        </Field>
        <Field label="May do" required>
          <Input
            value={action}
            placeholder="Microsoft.Storage/storageAccounts/read"
            list="operations"
            onChange={(_event, { value }) => setAction(value)}
          />
        </Field>
        <Field label="On" required>
          <Input value={on} placeholder="/subscriptions/…" list="scopes" onChange={(_event, { value }) => setOn(value)} />
        </Field>
        <Field label="Plane">
          <Select value={plane} onChange={(_event, { value }) => setPlane(planeOf(value))}>
            {Object.entries(planes).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        <Suggestions id="identities" of={useIdentitySuggestions(principal)} />
        <Suggestions id="operations" of={operations} />
        <Suggestions id="scopes" of={useScopeSuggestions()} />
        <div className="filters-actions">
          <Button type="submit" appearance="primary" disabled={!ready || ask.isPending}>
            {ask.isPending ? 'Reading the tenant' : 'Ask'}
          </Button>
        </div>
      </form>
      <div role="status">
        {ask.isPending && <Loading lines={4} />}
        {ask.data !== undefined && !ask.isPending && <Verdict answer={ask.data} />}
      </div>
      {ask.isError && !ask.isPending && <Problem cause={ask.error} />}
    </>
  );
}

const planeOf = (text: string): keyof typeof planes => (text === 'control' || text === 'data' ? text : 'auto');

const verdicts = {
  allowed: { kind: 'plain', text: 'Yes' },
  conditioned: { kind: 'warning', text: 'Yes, under a condition' },
  denied: { kind: 'plain', text: 'No: a deny assignment forbids it' },
  'no-path': { kind: 'plain', text: 'No: no grant leads there' },
  unknown: { kind: 'warning', text: 'It cannot be told' },
} as const satisfies Record<AccessAnswer['verdict'], unknown>;

function Verdict({ answer }: { readonly answer: AccessAnswer }) {
  const { kind, text } = verdicts[answer.verdict];
  return (
    <section aria-labelledby="verdict">
      <h2 id="verdict">{text}</h2>
      <Notice kind={kind} title={`${answer.principal.name || answer.principal.id}, ${answer.action}, ${answer.plane} plane`}>
        <ul>
          {answer.because.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Notice>
      <Ways title="By which way" of={answer.paths} />
      <Ways title="Nearly" of={answer.nearMisses} />
      {answer.denies.length > 0 && (
        <>
          <h3>Denied by</h3>
          <ul>
            {answer.denies.map(({ id, name, scope }) => (
              <li key={id}>
                {name || id} at <code>{scope}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      <CoverageBanner coverage={answer.coverage} of="audit" />
    </section>
  );
}

const Ways = ({ title, of }: { readonly title: string; readonly of: AccessAnswer['paths'] }) =>
  of.length === 0 ? null : (
    <>
      <h3>{title}</h3>
      <ul>
        {of.map(({ kind, text, scope, condition }, at) => (
          <li key={`${at} ${kind}`}>
            {text}
            {scope !== undefined && (
              <>
                {' '}
                <code>{scope}</code>
              </>
            )}
            {condition !== undefined && <pre className="condition">{condition}</pre>}
          </li>
        ))}
      </ul>
    </>
  );
