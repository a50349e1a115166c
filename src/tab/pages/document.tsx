import { useQuery } from '@tanstack/react-query';
import { useAccess } from '../api/use-api.ts';
import { Answer } from '../parts/answer.tsx';
import { Markdown } from '../parts/markdown.tsx';

/** What a rule looks for or a cause means: the page that `mi-audit explain` prints. */
export function DocumentPage({ about, id }: { readonly about: 'rules' | 'causes'; readonly id: string }) {
  const { api } = useAccess();
  const address = `/api/${about}/${encodeURIComponent(id)}`;
  const page = useQuery({ queryKey: [address, 'markdown'], queryFn: () => api.text(address, 'text/markdown') });
  return <Answer of={page}>{(text) => <Markdown text={text} />}</Answer>;
}
