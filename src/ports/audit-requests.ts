/** Asks for an audit outside its schedule: a message on a storage queue, which a function of the same app takes. */
export interface AuditRequests {
  request(audit: AuditRequest): Promise<void>;
}

export interface AuditRequest {
  /** Name and object id of whoever asked. */
  readonly by: string;
  readonly at: string;
}
