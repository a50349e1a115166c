import { createElement as h, Fragment, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { chartSvg } from './charts.ts';
import { rowsMax, type Block, type Cell, type Entry, type Figure, type Section, type TableBlock, type Tone } from './document.ts';
import { grouped, minute, monthWords, visible } from './foreign.ts';
import type { Review } from './review.ts';
import { sectionsOf } from './sections/all.ts';
import { styleSheet } from './style-sheet.ts';

/** The review as one file: no script, nothing fetched, and a policy that says so. React escapes every text. */
export function reviewHtml(review: Review): string {
  return `<!doctype html>\n${renderToStaticMarkup(page(review, sectionsOf(review)))}\n`;
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

function page(review: Review, sections: readonly Section[]): ReactNode {
  const title = `Managed identities, ${monthWords(review.month)}`;
  return h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charSet: 'utf-8' }),
      h('meta', { httpEquiv: 'Content-Security-Policy', content: policy }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      h('title', null, `${title} · mi-audit`),
      h('style', { dangerouslySetInnerHTML: { __html: styleSheet } }),
    ),
    h(
      'body',
      null,
      h('a', { className: 'skip', href: '#coverage' }, 'Skip to the first section'),
      h(
        'header',
        null,
        h('p', { className: 'kicker' }, 'mi-audit · monthly review'),
        h('h1', null, title),
        h(
          'p',
          { className: 'facts' },
          `Tenant ${visible(review.tenant.id)} · ${minute(review.period.from)} to ${minute(review.period.until)} UTC · made ${minute(review.generatedAt)} UTC`,
        ),
        ...review.notes.map((note) => h('p', { key: note, className: 'note warning' }, visible(note))),
        figures(keyFigures(review)),
      ),
      h(
        'nav',
        { 'aria-label': 'Sections' },
        h('ol', null, ...sections.map(({ id, title: name, tone }) => h('li', { key: id }, h('a', { href: `#${id}` }, name), mark(tone)))),
      ),
      h('main', null, ...sections.map(section)),
      h(
        'footer',
        null,
        h(
          'p',
          null,
          'Made by mi-audit. Names of identities and resources are shown as the tenant gives them; characters that cannot be seen are written as their code. Full lists: the CSV files that come with this review.',
        ),
      ),
    ),
  );
}

function keyFigures({ since, coverage }: Review): readonly Figure[] {
  const of = (name: string): string => grouped(since.lines.find((line) => line.name === name)?.now ?? -1).replace('-1', 'not known');
  const value = (name: string): number => since.lines.find((line) => line.name === name)?.now ?? 0;
  const blind = coverage.audits.daysWithout.length + coverage.audits.daysIncomplete.length;
  return [
    { label: 'Days fully seen', value: `${coverage.days - blind} of ${coverage.days}`, note: '', tone: blind === 0 ? 'good' : 'warning' },
    {
      label: 'Open findings',
      value: of('open findings'),
      note: `${of('critical')} critical, ${of('high')} high`,
      tone: value('critical') > 0 ? 'bad' : 'plain',
    },
    {
      label: 'Questioned roles',
      value: of('questioned holdings'),
      note: `of ${of('role holdings')}`,
      tone: value('questioned holdings') > 0 ? 'warning' : 'plain',
    },
    { label: 'Incidents', value: of('incidents of the month'), note: '', tone: 'plain' },
    { label: 'Accepted risks', value: of('accepted risks'), note: '', tone: 'plain' },
  ];
}

const section = ({ id, title, lead, tone, blocks }: Section): ReactNode =>
  h(
    'section',
    { key: id, id, 'aria-labelledby': `${id}-title` },
    h('h2', { id: `${id}-title` }, title),
    lead === '' ? null : h('p', { className: `lead ${tone}` }, visible(lead)),
    ...blocks.map((block, at) => h(Fragment, { key: at }, blockNode(block))),
  );

function blockNode(block: Block): ReactNode {
  switch (block.kind) {
    case 'text':
      return h('p', { className: `note ${block.tone}` }, visible(block.text));
    case 'figures':
      return figures(block.figures);
    case 'table':
      return tableNode(block);
    case 'chart':
      return h(
        'figure',
        null,
        h('div', { role: 'img', 'aria-label': block.alternative, dangerouslySetInnerHTML: { __html: chartSvg(block.chart) } }),
      );
    case 'entries':
      return h('ol', { className: 'entries' }, ...block.entries.map(entryNode));
  }
}

const figures = (all: readonly Figure[]): ReactNode =>
  h(
    'dl',
    { className: 'figures' },
    ...all.map(({ label, value, note, tone }) =>
      h('div', { key: label, className: tone }, h('dt', null, label), h('dd', null, value, note === '' ? null : h('small', null, note))),
    ),
  );

function tableNode(block: TableBlock): ReactNode {
  const { caption, columns, rows, more, moreIn, folded } = block;
  const left = more > 0 ? h('p', { className: 'more' }, `${grouped(more)} more in ${moreIn}.csv; ${rowsMax} are shown here.`) : null;
  const whole = h(
    'div',
    { className: 'scroll', role: 'region', 'aria-label': caption, tabIndex: 0 },
    h(
      'table',
      null,
      h('caption', folded ? { className: 'unseen' } : null, visible(caption)),
      h('thead', null, h('tr', null, ...columns.map(({ title, align }) => h('th', { key: title, scope: 'col', className: align }, title)))),
      h(
        'tbody',
        null,
        ...rows.map((row, at) => h('tr', { key: at }, ...row.map((cell, column) => cellNode(cell, columns[column]?.align, column)))),
      ),
    ),
  );
  if (!folded) return h(Fragment, null, whole, left);
  return h(
    'details',
    { className: rows.length > longRows ? 'long' : undefined },
    h('summary', null, visible(caption), h('span', { className: 'count' }, more > 0 ? ` first ${rows.length}` : ` ${rows.length} rows`)),
    whole,
    left,
  );
}

/** On paper these stay folded: the CSV is the place for them. */
const longRows = 120;

function cellNode(cell: Cell, align: 'end' | undefined, column: number): ReactNode {
  const content = cellContent(cell);
  const className =
    align ??
    (typeof cell === 'string' ? breaking(cell) : cell.kind === 'noted' ? breaking(cell.text) : cell.kind === 'code' ? 'any' : undefined);
  return column === 0 ? h('th', { key: column, scope: 'row', className }, content) : h('td', { key: column, className }, content);
}

/** Words stay whole; only what has no place to break, such as an id, breaks anywhere. */
const breaking = (text: string): string | undefined => (/[^\s-]{22,}/.test(text) ? 'any' : undefined);

function cellContent(cell: Cell): ReactNode {
  if (typeof cell === 'string') return visible(cell);
  switch (cell.kind) {
    case 'severity':
      return cell.severity === '' ? '' : h('span', { className: `tag ${cell.severity}` }, cell.severity);
    case 'code':
      return h('code', null, visible(cell.text));
    case 'when':
      return h('span', { className: 'when' }, cell.text);
    case 'noted':
      return cell.note === '' ? visible(cell.text) : [visible(cell.text), h('small', { key: 'note' }, visible(cell.note))];
    case 'state':
      return h('span', { className: `state ${cell.tone}` }, visible(cell.text));
  }
}

const entryNode = ({ title, severity, facts, step, command }: Entry, at: number): ReactNode =>
  h(
    'li',
    { key: at },
    h('h3', null, h('span', { className: `tag ${severity}` }, severity), ' ', visible(title)),
    h('dl', null, ...facts.flatMap(({ label, text }) => [h('dt', { key: label }, label), h('dd', { key: `${label}.` }, visible(text))])),
    h('p', { className: 'step' }, visible(step)),
    command === '' ? null : h('pre', { tabIndex: 0, 'aria-label': 'Command' }, h('code', null, visible(command))),
  );

/** Colour alone tells nobody anything: the word goes with it. */
function mark(tone: Tone): ReactNode {
  switch (tone) {
    case 'plain':
    case 'good':
      return null;
    case 'warning':
      return h('span', { className: 'mark warning' }, 'to look at');
    case 'bad':
      return h('span', { className: 'mark bad' }, 'to act on');
  }
}
