import { Button } from '@fluentui/react-components';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';

export interface Column<Item> {
  readonly name: string;
  /** A track of CSS grid, such as `minmax(12rem, 2fr)`. */
  readonly width: string;
  readonly cell: (item: Item) => ReactNode;
}

interface RowsProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly columns: readonly Column<Item>[];
  /** Asked for when the end comes into sight; absent: this is all. */
  readonly more?: (() => void) | undefined;
  readonly loadingMore: boolean;
}

const rowHeight = 48;
/** So many beyond the visible ones, for quick scrolling. */
const spare = 12;

/** A table of any length that only holds the rows in sight. To a screen reader it is as long as it is: each row has its number. */
export function Rows<Item>({ label, items, keyOf, columns, more, loadingMore }: RowsProps<Item>) {
  const place = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => place.current,
    estimateSize: () => rowHeight,
    overscan: spare,
  });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? -1;
  useEffect(() => {
    if (more !== undefined && !loadingMore && last >= items.length - 1 - spare) more();
  }, [more, loadingMore, last, items.length]);
  const grid = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };

  return (
    <>
      {/* What scrolls must be reachable by keyboard. */}
      <div
        className="rows"
        ref={place}
        role="table"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={more === undefined ? items.length + 1 : -1}
      >
        <div role="rowgroup" className="rows-head">
          <div role="row" aria-rowindex={1} className="row" style={grid}>
            {columns.map(({ name }) => (
              <div key={name} role="columnheader">
                {name}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="rows-body" style={{ height: rows.getTotalSize() }}>
          {visible.map(({ index, start }) => {
            const item = items[index];
            return (
              item !== undefined && (
                <div
                  key={keyOf(item)}
                  role="row"
                  aria-rowindex={index + 2}
                  className="row row-data"
                  style={{ ...grid, transform: `translateY(${start}px)`, height: rowHeight }}
                >
                  {columns.map(({ name, cell }) => (
                    <div key={name} role="cell">
                      {cell(item)}
                    </div>
                  ))}
                </div>
              )
            );
          })}
        </div>
      </div>
      {more !== undefined && (
        <Button className="more" disabled={loadingMore} onClick={more}>
          {loadingMore ? 'Loading more' : 'Load more'}
        </Button>
      )}
    </>
  );
}
