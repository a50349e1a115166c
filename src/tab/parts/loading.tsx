import { Skeleton, SkeletonItem } from '@fluentui/react-components';

/** As tall as a page usually is, so that nothing jumps when it comes. */
export const Loading = ({ lines = 8 }: { readonly lines?: number }) => (
  <div className="loading" role="status" aria-label="Loading">
    <Skeleton aria-hidden="true">
      <SkeletonItem size={32} className="loading-title" />
      {Array.from({ length: lines }, (_, line) => (
        <SkeletonItem key={line} size={40} />
      ))}
    </Skeleton>
  </div>
);
