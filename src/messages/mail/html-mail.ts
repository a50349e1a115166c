import { Body, Button, Column, Container, Head, Heading, Hr, Html, Preview, Row, Section, Text } from '@react-email/components';
import { render } from '@react-email/render';
import { createElement as h, Fragment, type CSSProperties, type ReactNode } from 'react';
import type { Fact, MailPart, MailText } from './mail-text.ts';

/** Tables and inline styles, as Outlook's Word engine wants them; nothing is fetched, nothing runs. Colours for the dark are a bonus where a program reads them. */
export const htmlMail = (mail: MailText): Promise<string> => render(document(mail));

const document = (mail: MailText): ReactNode =>
  h(
    Html,
    { lang: 'en', dir: 'ltr' },
    h(
      Head,
      null,
      h('title', null, mail.subject),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'supported-color-schemes', content: 'light dark' }),
      h('meta', { name: 'format-detection', content: 'telephone=no,date=no,address=no,email=no,url=no' }),
      h('style', { dangerouslySetInnerHTML: { __html: dark } }),
    ),
    h(Preview, null, mail.preview),
    h(
      Body,
      { style: body, className: 'ground' },
      h(
        Container,
        { style: container, className: 'panel' },
        h(
          Section,
          { style: { borderTop: `6px solid ${tones[mail.tone]}`, padding: '20px 28px 0' } },
          h(Text, { style: { ...kicker, color: tones[mail.tone] }, className: `tone-${mail.tone}` }, toneWord[mail.tone]),
          h(Heading, { as: 'h1', style: heading, className: 'ink' }, mail.headline),
          h(Text, { style: lead, className: 'ink' }, mail.reason),
          ...mail.notes.map((note) => h(Text, { key: note, style: noted, className: 'note' }, note)),
        ),
        mail.facts.length === 0 ? null : h(Section, { style: block }, ...factRows(mail.facts)),
        ...mail.parts.map((part, at) =>
          h(Section, { key: at, style: block }, h(Heading, { as: 'h2', style: subheading, className: 'ink' }, part.title), partNode(part)),
        ),
        mail.links.length === 0
          ? null
          : h(
              Section,
              { style: block },
              ...mail.links.map(({ title, url }, at) =>
                h(
                  Fragment,
                  { key: url },
                  at === 0 ? null : '\u00a0\u00a0 ',
                  h(Button, { href: url, style: at === 0 ? button : quietButton, className: at === 0 ? undefined : 'quiet' }, title),
                ),
              ),
            ),
        h(
          Section,
          { style: block },
          h(
            Text,
            { style: mail.coverage.whole ? small : { ...small, ...warning }, className: mail.coverage.whole ? 'muted' : 'note' },
            mail.coverage.text,
          ),
        ),
        h(Hr, { style: rule, className: 'rule' }),
        h(
          Section,
          { style: { padding: '0 28px 22px' } },
          ...[...(mail.more.length === 0 ? [] : [`More: ${mail.more.join(' · ')}`]), ...mail.footer].map((line) =>
            h(Text, { key: line, style: small, className: 'muted' }, line),
          ),
        ),
      ),
    ),
  );

function partNode(part: MailPart): ReactNode {
  switch (part.kind) {
    case 'steps':
      return part.steps.map(({ text, command }, at) =>
        h(
          Fragment,
          { key: at },
          text === '' ? null : h(Text, { style: paragraph, className: 'ink' }, text),
          command === '' ? null : commandNode(command),
        ),
      );
    case 'lines':
      return part.lines.map((line, at) => h(Text, { key: at, style: paragraph, className: 'ink' }, line));
    case 'facts':
      return factRows(part.facts, '62%');
    case 'table':
      return tableNode(part);
  }
}

const factRows = (facts: readonly Fact[], labelWidth = '90px'): readonly ReactNode[] =>
  facts.map(({ label, text }) =>
    h(Row, {
      key: label,
      children: [
        h(Column, { key: 'label', style: { ...labelCell, width: labelWidth }, className: 'muted' }, label),
        h(Column, { key: 'text', style: textCell, className: 'ink' }, text),
      ],
    }),
  );

/** To be copied as it stands: the places where a mail program could see an address are broken by elements, not by characters. */
const commandNode = (command: string): ReactNode =>
  h(
    'table',
    { role: 'presentation', width: '100%', cellPadding: 0, cellSpacing: 0, border: 0, style: { margin: '4px 0 12px' } },
    h(
      'tbody',
      null,
      h(
        'tr',
        null,
        h(
          'td',
          { style: code, className: 'code' },
          ...command.split(/(?<=[.:@])/).map((piece, at) => h(Fragment, { key: at }, at === 0 ? null : h('span'), piece)),
        ),
      ),
    ),
  );

const tableNode = ({ title, columns, rows, end }: MailPart & { kind: 'table' }): ReactNode =>
  h(
    'table',
    { width: '100%', cellPadding: 0, cellSpacing: 0, border: 0, 'aria-label': title, style: { borderCollapse: 'collapse' } },
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        ...columns.map((column, at) =>
          h('th', { key: column, scope: 'col', align: end.includes(at) ? 'right' : 'left', style: headCell, className: 'muted' }, column),
        ),
      ),
    ),
    h(
      'tbody',
      null,
      ...rows.map((row, at) =>
        h(
          'tr',
          { key: at },
          ...row.map((cell, column) =>
            h('td', { key: column, align: end.includes(column) ? 'right' : 'left', style: bodyCell, className: 'ink cell' }, cell),
          ),
        ),
      ),
    ),
  );

const tones = {
  critical: '#a4123f',
  high: '#b83a0a',
  medium: '#8a5a00',
  low: '#2563a8',
  info: '#5b6570',
  good: '#14703a',
} as const satisfies Record<MailText['tone'], string>;
const toneWord = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
  good: 'Resolved',
} as const satisfies Record<MailText['tone'], string>;

const fontFamily = "'Segoe UI',-apple-system,BlinkMacSystemFont,Roboto,'Helvetica Neue',Arial,sans-serif";
const ink = '#1b1f24';
const muted = '#555e69';
const wrap = { wordBreak: 'break-word', overflowWrap: 'anywhere' } as const satisfies CSSProperties;

const body: CSSProperties = { margin: 0, padding: '16px 8px', backgroundColor: '#eef0f3', fontFamily };
const container: CSSProperties = { width: '100%', maxWidth: '680px', margin: '0 auto', backgroundColor: '#ffffff' };
const block: CSSProperties = { padding: '10px 28px 4px' };
const kicker: CSSProperties = { margin: '0 0 4px', fontSize: '13px', lineHeight: '18px', fontWeight: 700 };
const heading: CSSProperties = { margin: '0 0 8px', fontSize: '20px', lineHeight: '27px', fontWeight: 600, color: ink, ...wrap };
const subheading: CSSProperties = { margin: '8px 0 6px', fontSize: '15px', lineHeight: '20px', fontWeight: 600, color: ink, ...wrap };
const lead: CSSProperties = { margin: '0 0 8px', fontSize: '15px', lineHeight: '22px', color: ink, ...wrap };
const paragraph: CSSProperties = { margin: '0 0 6px', fontSize: '14px', lineHeight: '20px', color: ink, ...wrap };
const small: CSSProperties = { margin: '0 0 4px', fontSize: '12px', lineHeight: '18px', color: muted, ...wrap };
const warning: CSSProperties = { color: '#704400', backgroundColor: '#fff4df', padding: '8px 10px' };
const noted: CSSProperties = { ...paragraph, ...warning, margin: '0 0 8px' };
const labelCell: CSSProperties = { padding: '2px 12px 2px 0', fontSize: '13px', lineHeight: '19px', color: muted, verticalAlign: 'top' };
const textCell: CSSProperties = { padding: '2px 0', fontSize: '14px', lineHeight: '19px', color: ink, verticalAlign: 'top', ...wrap };
const code: CSSProperties = {
  padding: '10px 12px',
  backgroundColor: '#f3f4f6',
  border: '1px solid #d5dae0',
  color: ink,
  fontFamily: "Consolas,'Cascadia Mono',Menlo,'Courier New',monospace",
  fontSize: '13px',
  lineHeight: '19px',
  ...wrap,
};
const headCell: CSSProperties = {
  padding: '4px 12px 4px 0',
  borderBottom: '1px solid #d5dae0',
  fontSize: '12px',
  color: muted,
  fontWeight: 600,
  verticalAlign: 'bottom',
};
const bodyCell: CSSProperties = {
  padding: '6px 12px 6px 0',
  borderBottom: '1px solid #d5dae0',
  fontSize: '13px',
  lineHeight: '18px',
  color: ink,
  verticalAlign: 'top',
  ...wrap,
};
const button: CSSProperties = {
  backgroundColor: '#0f5fbf',
  color: '#ffffff',
  fontSize: '14px',
  lineHeight: '20px',
  padding: '8px 16px',
  textDecoration: 'none',
};
const quietButton: CSSProperties = {
  color: '#0f5fbf',
  fontSize: '14px',
  lineHeight: '20px',
  padding: '8px 4px',
  textDecoration: 'underline',
};
const rule: CSSProperties = { margin: '10px 28px 12px', borderTop: '1px solid #d5dae0', width: 'auto' };

const dark = `@media (prefers-color-scheme: dark) {
body, .ground { background-color: #0f1215 !important; }
.panel { background-color: #1a1e23 !important; }
.ink { color: #e8ebef !important; }
.muted { color: #a5afba !important; }
.code { background-color: #0f1215 !important; border-color: #353d46 !important; color: #e8ebef !important; }
.note { background-color: #3a2c10 !important; color: #f4cd8b !important; }
.cell, .rule { border-color: #353d46 !important; }
.quiet { color: #7ab5ff !important; }
.tone-critical { color: #ff7b9c !important; } .tone-high { color: #ff9a62 !important; } .tone-medium { color: #e6bc4a !important; }
.tone-low { color: #7fb6f5 !important; } .tone-info { color: #a5afba !important; } .tone-good { color: #63d391 !important; }
}`;
