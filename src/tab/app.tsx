import {
  createDOMRenderer,
  FluentProvider,
  RendererProvider,
  teamsDarkTheme,
  teamsHighContrastTheme,
  teamsLightTheme,
} from '@fluentui/react-components';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { ApiProblem } from './api/ask.ts';
import { Opening } from './opening.tsx';
import type { Theme } from './session/session.ts';

const themes = { light: teamsLightTheme, dark: teamsDarkTheme, contrast: teamsHighContrastTheme } as const satisfies Record<Theme, unknown>;

/** Theme, styles and cached answers around everything. */
export function App() {
  const [theme, setTheme] = useState<Theme>('light');
  const renderer = useMemo(() => createDOMRenderer(document, { styleElementAttributes: { nonce: nonceOf(document) } }), []);
  const queries = useMemo(() => new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, retry: worthAnother } } }), []);
  useEffect(() => {
    // page.css and the browser's own controls and scroll bars go by it.
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <FluentProvider theme={themes[theme]} className="provider">
        <QueryClientProvider client={queries}>
          <Opening onTheme={setTheme} />
        </QueryClientProvider>
      </FluentProvider>
    </RendererProvider>
  );
}

/** The content policy allows style elements that carry it (src/api/http/security-headers.ts). */
const nonceOf = (page: Document): string => page.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

/** A no stays a no; a server that did not answer may do so the second time. */
const worthAnother = (failures: number, cause: Error): boolean =>
  failures < 2 && (!(cause instanceof ApiProblem) || cause.status === 0 || cause.status >= 502);
