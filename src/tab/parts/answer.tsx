import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useAccess } from '../api/use-api.ts';
import { Loading } from './loading.tsx';
import { Problem } from './problem.tsx';

/** One answer of the API, kept while the page is open. Its key is its address. */
export function useAnswer<Answer>(path: string): UseQueryResult<Answer> {
  const { api } = useAccess();
  return useQuery({ queryKey: [path], queryFn: ({ signal }) => api.get<Answer>(path, signal) });
}

interface AnswerProps<Answer> {
  readonly of: UseQueryResult<Answer>;
  readonly children: (answer: Answer) => ReactNode;
}

/** The three states of every page: on its way, refused, here. */
export function Answer<Answer>({ of, children }: AnswerProps<Answer>) {
  if (of.data !== undefined) return children(of.data);
  if (of.isError) return <Problem cause={of.error} retry={() => void of.refetch()} />;
  return <Loading />;
}
