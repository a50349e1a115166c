/** Operations as logs spell them, grouped by the action they need. */
export type ActionTable = readonly {
  readonly action: string;
  readonly plane: 'control' | 'data';
  readonly operations: readonly string[];
}[];
