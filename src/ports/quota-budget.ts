/** A quota of a service that several instances share: it counts what all of them ask, whoever asks. */
export interface QuotaBudget {
  /** 0: one request may go out now. Otherwise milliseconds after which to ask again. */
  take(quota: string, limit: { readonly perWindow: number; readonly windowMs: number }): Promise<number>;
}
