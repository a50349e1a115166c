import { Button, Field, Input, Select } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { addressOf, go } from '../route.ts';
import type { Query } from './pages-of.ts';

export type FilterField =
  /** `rare`: behind "More filters", unless it is set. */
  | { readonly kind: 'text'; readonly name: string; readonly label: string; readonly hint: string; readonly rare?: boolean }
  | { readonly kind: 'some' | 'one'; readonly name: string; readonly label: string; readonly options: readonly string[] };

/** The parameters that this page knows; what else stands in the address is not passed on. */
export function queryOf(given: URLSearchParams, fields: readonly FilterField[]): Query {
  return Object.fromEntries(fields.map(({ name }) => [name, given.get(name) ?? undefined]));
}

interface FiltersProps {
  readonly path: string;
  readonly fields: readonly FilterField[];
  readonly query: Query;
}

/** Writes into the address, from which the list is read. Choices count at once, text with Enter or the button. */
export function Filters({ path, fields, query }: FiltersProps) {
  const texts = fields.filter(({ kind }) => kind === 'text');
  const address = addressOf(path, query);
  const set = (changed: Query): void => go(addressOf(path, { ...query, ...changed }));
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    set(Object.fromEntries(texts.map(({ name }) => [name, textOf(form.get(name))])));
  };
  const show = (field: FilterField) =>
    field.kind === 'text' ? (
      <Field key={field.name} label={field.label}>
        <Input name={field.name} type="search" placeholder={field.hint} defaultValue={asText(query[field.name])} />
      </Field>
    ) : (
      <Choice key={field.name} field={field} value={asText(query[field.name])} choose={(value) => set({ [field.name]: value })} />
    );
  return (
    // Keyed by the address: a link or the back button fills in what it stands for.
    <form key={address} role="search" aria-label="Filters" className="filters" onSubmit={submit}>
      {fields.filter((field) => !isRare(field)).map(show)}
      <div className="filters-actions">
        <Button type="submit">Filter</Button>
        {address !== path && (
          <Button appearance="subtle" onClick={() => go(path)}>
            Clear
          </Button>
        )}
      </div>
      {fields.some(isRare) && (
        <details className="filters-rare" open={fields.some((field) => isRare(field) && asText(query[field.name]) !== '')}>
          <summary>More filters</summary>
          <div className="filters">{fields.filter(isRare).map(show)}</div>
        </details>
      )}
    </form>
  );
}

const isRare = (field: FilterField): boolean => field.kind === 'text' && field.rare === true;

interface ChoiceProps {
  readonly field: Extract<FilterField, { readonly options: unknown }>;
  readonly value: string;
  readonly choose: (value: string) => void;
}

/** A view that a link made of several values keeps them, named as one choice. */
function Choice({ field: { label, options, kind }, value, choose }: ChoiceProps) {
  const [own] = useState(value);
  const several = own.includes(',') ? own : undefined;
  return (
    <Field label={label}>
      <Select value={value} onChange={(_event, data) => choose(data.value)}>
        <option value="">{kind === 'some' ? 'Any' : 'Usual'}</option>
        {several !== undefined && <option value={several}>{several.split(',').join(' or ')}</option>}
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </Select>
    </Field>
  );
}

const textOf = (value: FormDataEntryValue | null): string => (typeof value === 'string' ? value.trim() : '');
const asText = (value: Query[string]): string => (typeof value === 'string' ? value : (value?.join(',') ?? ''));
