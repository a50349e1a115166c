/**
 * What the doctor may do on the host where it runs: ask addresses, look names up, connect, read two kinds of local file. Nothing here throws for
 * trouble: no answer is an answer too, and it is what the doctor came for.
 */
export interface HostProbe {
  /** A GET, or a POST where `form` is given (sign-in only). Follows no redirect. Goes through `proxy` where one is named, else straight to the address. */
  ask(request: HostRequest): Promise<HostReply>;
  lookUp(name: string): Promise<{ readonly kind: 'addresses'; readonly addresses: readonly string[] } | Silence>;
  /** A TCP connection, and TLS with a verified certificate where asked for; closed again at once. */
  connect(to: { readonly host: string; readonly port: number; readonly tls: boolean }): Promise<{ readonly kind: 'connected' } | Silence>;
  exists(path: string): Promise<boolean>;
  /** Undefined where it cannot be read. */
  readText(path: string): Promise<string | undefined>;
  /**
   * A token by Azure's own library, for hosts whose protocol the doctor does not speak itself, and for the user of the Azure CLI.
   */
  libraryToken(request: {
    readonly by: 'managed-identity' | 'azure-cli';
    readonly resource: string;
    readonly clientId?: string | undefined;
  }): Promise<{ readonly kind: 'token'; readonly token: string } | { readonly kind: 'refused'; readonly text: string }>;
  /** The machine's clock, epoch milliseconds. */
  nowMs(): number;
}

export interface HostRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly proxy?: string | undefined;
}

export type HostReply = HostAnswer | Silence;

export interface HostAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its first 64 KiB. May hold a token: never shown as it is. */
  readonly body: string;
}

/** No answer, and as far as the machine can tell, why. */
export interface Silence {
  readonly kind: 'silence';
  readonly reason: 'timeout' | 'refused' | 'unreachable' | 'unknown-name' | 'certificate' | 'broken';
  readonly text: string;
}

/** One read that the auditor must be allowed to make, tried once. */
export interface AuditorReads {
  /** In the order of the permission list; what cannot be tried on its own is `untried`, with the reason. */
  tryAll(): Promise<readonly AuditorRead[]>;
}

export interface AuditorRead {
  readonly permission: string;
  readonly plane: 'arm' | 'graph' | 'logs';
  /** What is lost without it. */
  readonly lost: string;
  readonly outcome: 'allowed' | 'refused' | 'untried';
  readonly text: string;
}
