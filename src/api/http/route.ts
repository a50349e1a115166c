import type { z } from 'zod';
import type { Caller } from '../auth/caller.ts';
import type { Sight } from '../auth/sight.ts';
import type { Role } from '../contract/index.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Answer } from './answer.ts';

/** One thing that can be asked: what it takes, who may ask, what it answers. The OpenAPI document is made of these. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `/api/findings/{id}` */
  readonly path: string;
  readonly summary: string;
  /** `anybody`: no token is looked at. `caller`: whoever is signed in. Otherwise one of these roles. */
  readonly needs: 'anybody' | 'caller' | readonly Role[];
  readonly query: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
  /** Status → what comes. A schema stands for JSON. */
  readonly answers: Readonly<Record<number, Representation>>;
  readonly handle: (asked: AskedOf<unknown, unknown>) => Promise<Answer>;
}

export interface Representation {
  readonly about: string;
  readonly json?: z.ZodType;
  /** Other media types it comes in. */
  readonly also?: readonly string[];
}

/** A request that was understood, from somebody who may make it. */
export interface AskedOf<Query, Body> {
  readonly request: Request;
  readonly query: Query;
  readonly body: Body;
  /** Path parameters, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly caller: Caller | undefined;
  readonly sight: Sight;
  readonly api: Dependencies;
}

interface RouteOf<Query extends z.ZodObject | undefined, Body extends z.ZodType | undefined> extends Omit<
  Route,
  'query' | 'body' | 'handle'
> {
  readonly query?: Query;
  readonly body?: Body;
  readonly handle: (asked: AskedOf<Parsed<Query>, Parsed<Body>>) => Promise<Answer>;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** Keeps the types of query and body together with their handler; the door only hands over what these schemas parsed. */
export function route<Query extends z.ZodObject | undefined = undefined, Body extends z.ZodType | undefined = undefined>(
  given: RouteOf<Query, Body>,
): Route {
  return {
    ...given,
    query: given.query,
    body: given.body,
    handle: (asked) => given.handle({ ...asked, query: asked.query as Parsed<Query>, body: asked.body as Parsed<Body> }),
  };
}
