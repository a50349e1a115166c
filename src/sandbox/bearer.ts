import { errors } from 'jose';
import { withoutSlash } from './audiences.ts';
import { Failure } from './failure.ts';
import type { Call } from './http.ts';
import type { Tokens } from './tokens.ts';

export interface Caller {
  readonly objectId: string;
  readonly clientId: string;
}

export interface Gate {
  /** @throws Failure 401 as ARM words it */
  admit(call: Call): Promise<Caller>;
}

/** Every API looks at the token: signature, expiry by the world's clock, and whether it was made for this endpoint. */
export function gateFor(
  tokens: Tokens,
  options: { readonly audiences: () => readonly string[]; readonly authority: () => string; readonly now: string },
): Gate {
  const refuse = (code: string, message: string, error = 'invalid_token'): Failure =>
    new Failure(401, code, message, {
      headers: {
        'www-authenticate': `Bearer authorization_uri="${options.authority()}", error="${error}", error_description="${message.replaceAll('"', "'")}"`,
      },
    });
  return {
    async admit(call) {
      const header = call.headers.authorization;
      if (header === undefined || header === '')
        throw refuse('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.", 'invalid_request');
      const token = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
      if (token === undefined)
        throw refuse(
          'AuthenticationFailedInvalidHeader',
          "Authentication failed. The 'Authorization' header is provided in an invalid format.",
        );
      const claims = await tokens.verify(token).catch((cause: unknown) => {
        if (cause instanceof errors.JWTExpired) {
          const expiredAt = typeof cause.payload.exp === 'number' ? new Date(cause.payload.exp * 1000).toISOString() : 'unknown';
          throw refuse(
            'ExpiredAuthenticationToken',
            `The access token expiry UTC time '${expiredAt}' is earlier than current UTC time '${options.now}'.`,
          );
        }
        throw refuse('InvalidAuthenticationToken', 'The access token is invalid.');
      });
      const allowed = options.audiences();
      const audience = typeof claims.aud === 'string' ? claims.aud : '';
      if (!allowed.some((one) => withoutSlash(one) === withoutSlash(audience))) {
        throw refuse(
          'InvalidAuthenticationTokenAudience',
          `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the allowed audiences '${allowed.join("','")}'.`,
        );
      }
      return {
        objectId: typeof claims['oid'] === 'string' ? claims['oid'] : '',
        clientId: typeof claims['appid'] === 'string' ? claims['appid'] : '',
      };
    },
  };
}
