import { useSyncExternalStore, type MouseEvent } from 'react';

/** The address decides what is shown, so that every view can be linked to, also out of a card in Teams. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

export function usePlace(): Place {
  const [path = '/', search = ''] = splitOnce(useSyncExternalStore(listen, here), '?');
  return { path, query: new URLSearchParams(search) };
}

export function go(address: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  // The browser tells only of its own buttons.
  dispatchEvent(new PopStateEvent('popstate'));
}

/** For `<a>`: a plain click stays in the page, any other does what the browser does with links. */
export function linkTo(address: string): { readonly href: string; readonly onClick: (event: MouseEvent) => void } {
  return {
    href: address,
    onClick: (event) => {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(address);
    },
  };
}

/** A link from outside names a place in this page and nothing else. */
export const isPlace = (text: string | undefined): text is string => text !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(text);

/** `/findings` with these parameters; empty ones are left out. */
export function addressOf(path: string, query: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const text = typeof value === 'string' ? value : value?.join(',');
    if (text !== undefined && text !== '') search.set(name, text);
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

const here = (): string => `${location.pathname}${location.search}`;

function listen(listener: () => void): () => void {
  addEventListener('popstate', listener);
  return () => removeEventListener('popstate', listener);
}

function splitOnce(text: string, at: string): readonly string[] {
  const index = text.indexOf(at);
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
