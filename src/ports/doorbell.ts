/** Wakes the notifier of a function app: a message on a storage queue that says nothing but "look". What is to be told stands in the store. */
export interface Doorbell {
  ring(afterSeconds?: number): Promise<void>;
}
