import { Button, Spinner } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { Me } from '../api/contract/index.ts';
import { apiOf, type Api } from './api/ask.ts';
import { AccessContext, mayDo } from './api/use-api.ts';
import { Notice } from './parts/notice.tsx';
import { Problem } from './parts/problem.tsx';
import { go, isPlace } from './route.ts';
import { openSession } from './session/open-session.ts';
import type { Session, Theme } from './session/session.ts';
import { Shell } from './shell.tsx';

/** From nothing to a person who is signed in: the states on the way, each with a way on. */
export function Opening({ onTheme }: { readonly onTheme: (theme: Theme) => void }) {
  const [session, setSession] = useState<Session | undefined>();
  const [trouble, setTrouble] = useState<string | undefined>();
  useEffect(() => {
    let left = false;
    openSession(onTheme).then(
      (opened) => {
        if (left) return;
        if (isPlace(opened.startAt)) go(opened.startAt, { replace: true });
        setSession(opened);
      },
      (cause: unknown) => {
        if (!left) setTrouble(cause instanceof Error ? cause.message : String(cause));
      },
    );
    return () => {
      left = true;
    };
  }, [onTheme]);

  if (trouble !== undefined)
    return (
      <main className="alone">
        <Notice kind="bad" title="You are not signed in" action={<Button onClick={() => location.reload()}>Try again</Button>}>
          {trouble}
        </Notice>
      </main>
    );
  if (session === undefined) return <Waiting label="Signing you in" />;
  return <SignedIn session={session} />;
}

function SignedIn({ session }: { readonly session: Session }) {
  const api = useMemo(() => apiOf(session), [session]);
  const me = useQuery({ queryKey: ['me'], queryFn: ({ signal }) => api.get<Me>('/api/me', signal), staleTime: Number.POSITIVE_INFINITY });
  if (me.isError)
    return (
      <main className="alone">
        <Problem cause={me.error} retry={() => void me.refetch()} />
        {session.signOut !== undefined && <Button onClick={() => void session.signOut?.()}>Sign in as somebody else</Button>}
      </main>
    );
  if (me.data === undefined) return <Waiting label="Asking who you are" />;
  return <Inside session={session} api={api} me={me.data} />;
}

function Inside({ session, api, me }: { readonly session: Session; readonly api: Api; readonly me: Me }) {
  const access = useMemo(() => ({ api, me }), [api, me]);
  if (!mayDo(me, 'Findings.Read') && !mayDo(me, 'Audit.Run'))
    return (
      <main className="alone">
        <Notice
          kind="warning"
          title={`${me.name === '' ? 'You are' : `${me.name}, you are`} signed in, but have no role here`}
          action={session.signOut !== undefined && <Button onClick={() => void session.signOut?.()}>Sign in as somebody else</Button>}
        >
          To read findings you need the app role <code>Findings.Read</code>. An administrator of Entra ID gives it: Enterprise applications,
          the application of this auditor, Users and groups. Tell them your object id, <code>{me.objectId}</code>. Then sign in again.
        </Notice>
      </main>
    );
  return (
    <AccessContext value={access}>
      <Shell signOut={session.signOut} />
    </AccessContext>
  );
}

const Waiting = ({ label }: { readonly label: string }) => (
  <main className="alone">
    <Spinner label={label} />
  </main>
);
