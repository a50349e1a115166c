import { Button } from '@fluentui/react-components';
import { ApiProblem } from '../api/ask.ts';
import { Notice } from './notice.tsx';

/** What the API said no with, in its words, and a second try where that can help. */
export function Problem({ cause, retry }: { readonly cause: Error; readonly retry?: () => void }) {
  const title = cause instanceof ApiProblem ? cause.title : 'The page made a mistake';
  const kind = cause instanceof ApiProblem && (cause.status === 403 || cause.status === 404) ? 'warning' : 'bad';
  return (
    <div role="alert">
      <Notice kind={kind} title={title} action={retry !== undefined && <Button onClick={retry}>Try again</Button>}>
        {cause.message}
        {cause instanceof ApiProblem && cause.status === 403 && (
          <> An administrator of Entra ID gives roles: Enterprise applications, the application of this auditor, Users and groups.</>
        )}
      </Notice>
    </div>
  );
}
