/** Why a query has no answer. `unsupported` is ours; `syntax` and `semantic` are Microsoft's analyser speaking (Azure's 400). */
export type KqlErrorKind = 'syntax' | 'semantic' | 'unsupported' | 'runtime';

export class KqlError extends Error {
  readonly kind: KqlErrorKind;
  readonly position?: number;

  constructor(kind: KqlErrorKind, message: string, position?: number) {
    super(message);
    this.name = 'KqlError';
    this.kind = kind;
    if (position !== undefined) this.position = position;
  }
}

/** The evaluator refuses what it is not sure of: an answer from the sandbox is either right or missing. */
export function unsupported(construct: string, position?: number): KqlError {
  const where = position === undefined ? '' : ` at ${position}`;
  return new KqlError('unsupported', `unsupported: ${construct}${where}`, position);
}
