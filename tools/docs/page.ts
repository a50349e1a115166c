/** A generated page: what it should read, by its path from the root of the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
}
