import { Button, Link } from '@fluentui/react-components';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useAccess } from './api/use-api.ts';
import { Loading } from './parts/loading.tsx';
import { PageGuard } from './parts/page-guard.tsx';
import { Notice } from './parts/notice.tsx';
import { linkTo, usePlace } from './route.ts';

const Overview = lazy(async () => ({ default: (await import('./pages/overview.tsx')).Overview }));
const Findings = lazy(async () => ({ default: (await import('./pages/findings.tsx')).Findings }));
const FindingPage = lazy(async () => ({ default: (await import('./pages/finding.tsx')).FindingPage }));
const Incidents = lazy(async () => ({ default: (await import('./pages/incidents.tsx')).Incidents }));
const IncidentPage = lazy(async () => ({ default: (await import('./pages/incident.tsx')).IncidentPage }));
const Identities = lazy(async () => ({ default: (await import('./pages/identities.tsx')).Identities }));
const IdentityPage = lazy(async () => ({ default: (await import('./pages/identity.tsx')).IdentityPage }));
const AccessPage = lazy(async () => ({ default: (await import('./pages/access.tsx')).AccessPage }));
const Reviews = lazy(async () => ({ default: (await import('./pages/reviews.tsx')).Reviews }));
const Runs = lazy(async () => ({ default: (await import('./pages/runs.tsx')).Runs }));
const DocumentPage = lazy(async () => ({ default: (await import('./pages/document.tsx')).DocumentPage }));

/** In the order of the navigation; a page without `label` is reached from another. */
const pages = [
  { pattern: /^\/$/, label: 'Overview', home: '/', title: 'Overview', show: () => <Overview /> },
  { pattern: /^\/findings$/, label: 'Findings', home: '/findings', title: 'Findings', show: () => <Findings /> },
  { pattern: /^\/findings\/([^/]+)$/, home: '/findings', title: 'Finding', show: (id: string) => <FindingPage id={id} /> },
  { pattern: /^\/incidents$/, label: 'Incidents', home: '/incidents', title: 'Incidents', show: () => <Incidents /> },
  { pattern: /^\/incidents\/([^/]+)$/, home: '/incidents', title: 'Incident', show: (id: string) => <IncidentPage id={id} /> },
  { pattern: /^\/identities$/, label: 'Identities', home: '/identities', title: 'Identities', show: () => <Identities /> },
  { pattern: /^\/identities\/([^/]+)$/, home: '/identities', title: 'Identity', show: (id: string) => <IdentityPage id={id} /> },
  { pattern: /^\/access$/, label: 'Access', home: '/access', title: 'Access', show: () => <AccessPage /> },
  {
    pattern: /^\/reviews(?:\/([^/]+))?$/,
    label: 'Reviews',
    home: '/reviews',
    title: 'Reviews',
    show: (id: string) => <Reviews month={id} />,
  },
  { pattern: /^\/rules\/([^/]+)$/, home: '/findings', title: 'Rule', show: (id: string) => <DocumentPage about="rules" id={id} /> },
  { pattern: /^\/causes\/([^/]+)$/, home: '/incidents', title: 'Cause', show: (id: string) => <DocumentPage about="causes" id={id} /> },
  { pattern: /^\/runs(?:\/([^/]+))?$/, label: 'Runs', home: '/runs', title: 'Runs', show: (id: string) => <Runs id={id} /> },
] as const;

/** Landmarks, navigation and the page that the address names. */
export function Shell({ signOut }: { readonly signOut: (() => Promise<void>) | undefined }) {
  const { me } = useAccess();
  const { path } = usePlace();
  const place = path.length > 1 ? path.replace(/\/$/, '') : path;
  const page = pages.find(({ pattern }) => pattern.test(place));
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${page?.title ?? 'Not found'} · Managed identity auditor`;
    // Whoever navigates by keyboard or ear goes on in the new page, not in the link that led there. Not on load: the browser starts at the top by itself.
    if (!first.current) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    first.current = false;
  }, [place, page]);

  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="bar">
        <span className="product">Managed identity auditor</span>
        <nav aria-label="Pages">
          <ul>
            {pages.map(
              (each) =>
                'label' in each && (
                  <li key={each.label}>
                    <a {...linkTo(each.home)} aria-current={page?.home === each.home ? 'page' : undefined}>
                      {each.label}
                    </a>
                  </li>
                ),
            )}
          </ul>
        </nav>
        <span className="who">
          <span className="who-name">{me.name}</span>
          {signOut !== undefined && (
            <Button size="small" appearance="subtle" onClick={() => void signOut()}>
              Sign out
            </Button>
          )}
        </span>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <PageGuard key={place}>
          <Suspense fallback={<Loading />}>
            {page === undefined ? <Unknown path={place} /> : page.show(decoded(page.pattern.exec(place)?.[1]))}
          </Suspense>
        </PageGuard>
      </main>
    </>
  );
}

const Unknown = ({ path }: { readonly path: string }) => (
  <>
    <h1>Not found</h1>
    <Notice kind="warning" title="There is no such page">
      Nothing is at <code>{path}</code>. The link may be of another version. Go on with the <Link {...linkTo('/')}>overview</Link>.
    </Notice>
  </>
);

function decoded(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    return text ?? '';
  }
}
