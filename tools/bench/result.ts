/** One measured number next to what it must keep to. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `value` must be at most this; absent: told for its own sake. */
  readonly atMost?: number;
  readonly met: boolean;
  /** What the number is made of. */
  readonly detail: Readonly<Record<string, number | string>>;
}

export function measurement(name: string, value: number, unit: string, detail: Measurement['detail'], atMost?: number): Measurement {
  return {
    name,
    value: round(value),
    unit,
    ...(atMost === undefined ? {} : { atMost }),
    met: atMost === undefined || value <= atMost,
    detail,
  };
}

export const round = (value: number): number => Math.round(value * 1000) / 1000;
