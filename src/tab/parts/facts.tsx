import type { ReactNode } from 'react';

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/** Names and values side by side; empty ones are left out. */
export const Facts = ({ of }: { readonly of: readonly (Fact | undefined)[] }) => (
  <dl className="facts">
    {of
      .filter((fact) => fact !== undefined)
      .filter(({ value }) => value !== '' && value !== undefined)
      .map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);
