/** A mail server as SMTP_URL names it. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps); otherwise by STARTTLS. */
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

/** `smtps://user:password@host:465` or `smtp://…:587`; undefined when it cannot be read. What stands behind the port is not taken: nothing there may turn TLS off. */
export function mailServerOf(url: string): MailServer | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(url);
  if ((protocol !== 'smtp:' && protocol !== 'smtps:') || hostname === '') return undefined;
  const secure = protocol === 'smtps:';
  const [user, pass] = [decoded(username), decoded(password)];
  if (user === undefined || pass === undefined) return undefined;
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    ...(user !== '' && { auth: { user, pass } }),
  };
}

export const isLoopback = ({ host }: MailServer): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);

/** A password with a bare % in it is no valid URL, and common: then it is meant as it stands. */
function decoded(text: string): string | undefined {
  try {
    const plain = decodeURIComponent(text);
    return /[\0\r\n]/.test(plain) ? undefined : plain;
  } catch {
    return text;
  }
}
