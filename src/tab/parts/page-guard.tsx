import { Component, type ReactNode } from 'react';
import { Problem } from './problem.tsx';

/** One page that breaks leaves the navigation standing. A class, because React has no other way to catch what a child throws. */
export class PageGuard extends Component<{ readonly children: ReactNode }, { readonly cause: Error | undefined }> {
  override state: { readonly cause: Error | undefined } = { cause: undefined };

  static getDerivedStateFromError(cause: unknown): { readonly cause: Error } {
    return { cause: cause instanceof Error ? cause : new Error(String(cause)) };
  }

  override render(): ReactNode {
    const { cause } = this.state;
    // A chunk of an older build is gone after a deployment: only a reload finds the new one.
    return cause === undefined ? this.props.children : <Problem cause={cause} retry={() => location.reload()} />;
  }
}
