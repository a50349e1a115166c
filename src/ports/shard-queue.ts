/** Hands pieces of a sharded audit to whichever instance takes them: messages on a storage queue. They may come twice, late, in any order, or not at all. */
export interface ShardQueue {
  send(messages: readonly ShardMessage[], afterSeconds?: number): Promise<void>;
}

export interface ShardMessage {
  readonly planId: string;
  readonly piece: string;
}
