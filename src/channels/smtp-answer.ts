import type { Delivery } from '../ports/index.ts';
import { causeCodeOf, errorCodeOf } from './error-code.ts';

/**
 * What became of a mail, in our own words: nodemailer's errors and a server's answers can repeat the password, an address, or anything else.
 * Of an answer only its codes are told, such as `550 5.1.1`.
 */
export function failedDelivery(error: unknown, begun: boolean): Delivery {
  const answer = answerIn(error);
  const code = errorCodeOf(error);
  if (answer !== undefined) return refusal(answer, code);
  if (begun)
    return {
      kind: 'unknown',
      why: `The connection to the mail server broke (${causeCodeOf(error)}) before it took or refused the mail; it may have been sent.`,
    };
  if (code === 'EAUTH')
    return { kind: 'refused', why: 'The mail server offers no way to sign in that goes with the user and password in SMTP_URL.' };
  if (code === 'EMESSAGE') return { kind: 'refused', why: 'The mail is larger than the mail server takes.' };
  if (code === 'ETLS')
    return {
      kind: 'later',
      why: 'The connection to the mail server could not be encrypted; nothing was sent. Check its certificate and whether it offers STARTTLS, or use smtps://.',
    };
  return {
    kind: 'later',
    why: `The mail server could not be reached (${causeCodeOf(error)}); nothing was sent. Check its name, its port and the firewall on the way.`,
  };
}

interface Answer {
  readonly code: number;
  /** `5.1.1`, where the server says it. */
  readonly enhanced: string | undefined;
  readonly command: string;
}

function refusal({ code, enhanced, command }: Answer, error: string): Delivery {
  const said = enhanced === undefined ? String(code) : `${code} ${enhanced}`;
  const temporary = code >= 400 && code < 500;
  const kind = temporary ? 'later' : 'refused';
  if (error === 'ETLS')
    return { kind, why: `The mail server offers no STARTTLS (${said}); nothing was sent. Use smtps://, or a port that does.` };
  if (error === 'EAUTH')
    return {
      kind,
      why: temporary
        ? `The mail server cannot check the sign-in now (${said}).`
        : `The mail server does not take the user and password in SMTP_URL (${said}). Set them anew.`,
    };
  if (temporary) return { kind, why: `The mail server does not take the mail now (${said}).` };
  if (command === 'MAIL FROM')
    return { kind, why: `The mail server does not take mail from EMAIL_FROM (${said}). Let this sender through there, or use another.` };
  if (command === 'RCPT TO')
    return {
      kind,
      why: `The mail server took none of the recipients (${said}). Check their addresses, and whether it relays for the auditor.`,
    };
  return { kind, why: `The mail server refused the mail (${said}).` };
}

/** Taken for some: it is delivered, and who was left out is said. Their addresses are settings of ours, not the server's text. */
export function takenDelivery(info: {
  readonly rejected?: readonly string[];
  readonly rejectedErrors?: readonly unknown[] | undefined;
}): Delivery {
  const { rejected = [], rejectedErrors = [] } = info;
  if (rejected.length === 0) return { kind: 'delivered' };
  const who = rejected.map((address, at) => {
    const answer = answerIn(rejectedErrors[at]);
    return answer === undefined ? address : `${address} (${answer.code}${answer.enhanced === undefined ? '' : ` ${answer.enhanced}`})`;
  });
  return {
    kind: 'delivered',
    note: `The mail server did not take it for ${who.slice(0, 10).join(', ')}${who.length > 10 ? ` and ${who.length - 10} more` : ''}.`,
  };
}

function answerIn(error: unknown): Answer | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { responseCode, response, command } = error as {
    readonly responseCode?: unknown;
    readonly response?: unknown;
    readonly command?: unknown;
  };
  if (typeof responseCode !== 'number' || responseCode < 400 || responseCode > 599) return undefined;
  const enhanced = typeof response === 'string' ? /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined;
  return { code: responseCode, enhanced, command: typeof command === 'string' ? command : '' };
}
