import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { useAccess } from '../api/use-api.ts';
import { addressOf } from '../route.ts';
import type { ListPage, Query } from './pages-of.ts';

const pageSize = 200;
const pagesMax = 100;

interface CsvButtonProps {
  readonly path: string;
  readonly query: Query;
  readonly name: string;
}

/** The whole list as the API writes it for a spreadsheet. The API gives CSV by the page, and the way to the next one in JSON. */
export function CsvButton({ path, query, name }: CsvButtonProps) {
  const { api } = useAccess();
  const [said, setSaid] = useState('');
  async function download(): Promise<void> {
    setSaid('Reading the list');
    try {
      const parts: string[] = [];
      let cursor: string | undefined;
      let more = true;
      while (more && parts.length < pagesMax) {
        const address = addressOf(path, { ...query, limit: String(pageSize), cursor });
        const [csv, next] = await Promise.all([api.text(address, 'text/csv'), api.get<ListPage<unknown>>(address)]);
        parts.push(parts.length === 0 ? csv : withoutHeading(csv));
        cursor = next.cursor;
        more = cursor !== undefined;
      }
      save(new Blob(parts, { type: 'text/csv' }), `${name}.csv`);
      setSaid(more ? `Saved the first ${pagesMax * pageSize}; narrow the filters for the rest` : 'Saved');
    } catch (cause) {
      setSaid(cause instanceof Error ? cause.message : String(cause));
    }
  }
  return (
    <span className="copy">
      <Button onClick={() => void download()}>CSV</Button>
      <span role="status">{said}</span>
    </span>
  );
}

const withoutHeading = (csv: string): string => csv.slice(csv.indexOf('\r\n') + 2);

export function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
