import { randomBytes } from 'node:crypto';
import { listen, type Answering, type Call, type Listening } from './http.ts';
import { withoutSlash } from './audiences.ts';

/**
 * MSAL keeps the first managed-identity endpoint it saw, with its secret, for the life of the process (`ManagedIdentityClient.identitySource` is static), whatever the environment says
 * later. So all sandboxes of a process share one: same port, same secret, and the resource asked for tells whose token is meant. This module state mirrors MSAL's.
 */
const host: { secret: string; port: number; listening: Promise<Listening> | undefined; readonly guests: Guest[] } = {
  secret: randomBytes(16).toString('hex').toUpperCase(),
  port: 0,
  listening: undefined,
  guests: [],
};

export interface Guest {
  readonly answer: Answering;
  /** The endpoints of this sandbox, whose tokens only it can sign. */
  readonly endpoints: () => readonly string[];
}

export interface IdentityHost {
  readonly origin: string;
  close(): Promise<void>;
}

export const identitySecret = (): string => host.secret;

export async function joinIdentityHost(guest: Guest): Promise<IdentityHost> {
  host.guests.push(guest);
  host.listening ??= reopen();
  try {
    host.port = (await host.listening).port;
  } catch (cause) {
    host.listening = undefined;
    leave(guest);
    throw cause;
  }
  return {
    origin: `http://localhost:${host.port}`,
    async close() {
      leave(guest);
      const { listening } = host;
      if (host.guests.length > 0 || listening === undefined) return;
      host.listening = undefined;
      await (await listening).close();
    },
  };
}

/** On the port of before, which MSAL remembers; on another one where somebody took it. */
async function reopen(): Promise<Listening> {
  return listen(answer, { port: host.port }).catch((cause: unknown) => {
    if (host.port === 0) throw cause;
    return listen(answer, { port: 0 });
  });
}

function leave(guest: Guest): void {
  const index = host.guests.indexOf(guest);
  if (index !== -1) host.guests.splice(index, 1);
}

const answer: Answering = async (call) => {
  const resource = withoutSlash(resourceOf(call));
  const meant = host.guests.find((guest) => guest.endpoints().some((endpoint) => withoutSlash(endpoint) === resource));
  const guest = meant ?? host.guests.at(-1);
  return guest === undefined ? 'drop' : guest.answer(call);
};

const resourceOf = (call: Call): string => call.query.get('resource') ?? new URLSearchParams(call.body).get('resource') ?? '';
