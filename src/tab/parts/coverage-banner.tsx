import { Link } from '@fluentui/react-components';
import type { Coverage } from '../../api/contract/index.ts';
import { linkTo } from '../route.ts';
import { instant } from './instant.ts';
import { Notice } from './notice.tsx';

const notSeen = {
  audit: 'Some things could not be seen; no rule rests on them',
  watch: 'Not everything is watched',
} as const;

/** How whole the list below is, in the same place on every page: what could not be seen is never told as fine. */
export function CoverageBanner({ coverage, of }: { readonly coverage: Coverage; readonly of: 'audit' | 'watch' }) {
  const { runId, at, complete, gaps, restrictedTo } = coverage;
  const what = of === 'audit' ? 'audit' : 'pass of the watch';
  if (runId === null)
    return (
      <Notice kind="warning" title={`No ${what} has been stored yet`}>
        {of === 'audit'
          ? 'Nothing has been looked at, so an empty list says nothing. Audits run on their schedule; with the role Audit.Run you can ask for one under Runs.'
          : 'Nobody has looked for refused calls yet.'}
      </Notice>
    );
  const run = (
    <Link {...linkTo(`/runs/${encodeURIComponent(runId)}`)}>
      {of === 'audit' ? 'Audit' : 'Watch'}
      {at === null ? '' : ` of ${instant(at)}`}
    </Link>
  );
  const part = restrictedTo !== undefined && (
    <p className="coverage-part">
      You see{' '}
      {restrictedTo.length === 0
        ? 'no subscription'
        : restrictedTo.length === 1
          ? 'one subscription'
          : `${restrictedTo.length} subscriptions`}{' '}
      of this tenant. What lies elsewhere is neither listed nor counted.
    </p>
  );
  if (complete && gaps.length === 0 && restrictedTo === undefined)
    return <p className="coverage-whole">{run} saw everything it asked for.</p>;
  if (complete && gaps.length === 0)
    return (
      <div className="coverage-whole">
        <p>{run} saw everything it asked for.</p>
        {part}
      </div>
    );
  return (
    <Notice kind={complete ? 'plain' : 'warning'} title={complete ? notSeen[of] : 'Not everything could be seen'}>
      <p>
        {run}. {complete ? '' : 'What is not listed may exist all the same.'}
      </p>
      {part}
      <details>
        <summary>{gaps.length === 1 ? 'One gap' : `${gaps.length} gaps`}</summary>
        <ul>
          {gaps.map(({ slice, scope, state, why, permission }) => (
            <li key={`${slice} ${scope} ${why}`}>
              <strong>{slice}</strong> {state === 'missing' ? 'not seen' : 'partly seen'} at <code>{scope}</code>: {why}
              {permission !== '' && (
                <>
                  . Needed: <code>{permission}</code>
                </>
              )}
            </li>
          ))}
        </ul>
      </details>
    </Notice>
  );
}
