import type { Problem } from '../../api/contract/index.ts';
import type { Session } from '../session/session.ts';
import { readable } from './readable.ts';

/** What the API said no with, or why it could not be reached. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly title: string;

  constructor({ status, title, detail }: Pick<Problem, 'status' | 'title' | 'detail'>, options?: ErrorOptions) {
    super(detail, options);
    this.status = status;
    this.title = title;
  }
}

export interface Api {
  get<Answer>(path: string, signal?: AbortSignal): Promise<Answer>;
  send<Answer>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
  text(path: string, accept: string): Promise<string>;
}

interface Asked extends Omit<RequestInit, 'headers'> {
  readonly headers: Readonly<Record<string, string>>;
}

/** The API of this origin, asked with the session's token. */
export function apiOf(session: Session): Api {
  async function ask(path: string, { headers, ...init }: Asked): Promise<Response> {
    const token = await session.token().catch((cause: unknown) => {
      throw new ApiProblem(
        { status: 401, title: 'Not signed in', detail: 'Your sign-in could not be renewed. Reload the page to sign in again.' },
        { cause },
      );
    });
    const answer = await fetch(path, { ...init, headers: { ...headers, authorization: `Bearer ${token}` } }).catch((cause: unknown) => {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
      throw new ApiProblem(
        { status: 0, title: 'No connection', detail: 'The server of this page does not answer. Check the network, then try again.' },
        { cause },
      );
    });
    if (!answer.ok) throw new ApiProblem(await problemIn(answer));
    return answer;
  }
  return {
    async get<Answer>(path: string, signal?: AbortSignal) {
      const answer = await ask(path, { headers: { accept: 'application/json' }, ...(signal !== undefined && { signal }) });
      return JSON.parse(await answer.text(), readable) as Answer;
    },
    async send<Answer>(method: 'POST' | 'DELETE', path: string, body?: unknown) {
      const json = body === undefined ? undefined : JSON.stringify(body);
      const headers = { accept: 'application/json', ...(json !== undefined && { 'content-type': 'application/json' }) };
      const answer = await ask(path, { method, headers, ...(json !== undefined && { body: json }) });
      return JSON.parse(await answer.text(), readable) as Answer;
    },
    text: async (path, accept) => (await ask(path, { headers: { accept } })).text(),
  };
}

async function problemIn(answer: Response): Promise<Pick<Problem, 'status' | 'title' | 'detail'>> {
  const body = (await answer.json().catch(() => undefined)) as Partial<Problem> | undefined;
  return {
    status: answer.status,
    title: body?.title ?? `The server answers ${answer.status}`,
    detail: body?.detail ?? 'It did not say why. Try again in a minute; the log of the function app says more.',
  };
}
