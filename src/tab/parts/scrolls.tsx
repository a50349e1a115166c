import type { ReactNode } from 'react';

/** A table that may be wider than the page: it scrolls by itself, by keyboard too, so that the page never does. */
export const Scrolls = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div className="scrolls" role="region" aria-label={label} tabIndex={0}>
    {children}
  </div>
);
