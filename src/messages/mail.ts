/** A mail as the adapters send it. No addresses: those are the channel's. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Message-ID, References, List-Id and the like. Values are one line of ASCII. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly MailAttachment[];
}

export interface MailAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: string | Uint8Array;
  /** Present for pictures that the HTML names as `cid:`. */
  readonly contentId?: string;
}
