import { lexer, type Token, type Tokens } from 'marked';
import type { ReactNode } from 'react';
import { Scrolls } from './scrolls.tsx';

/** Our own documents, in which names from outside may stand: markup in them stays text, and links lead to https or into the page only. */
export const Markdown = ({ text }: { readonly text: string }) => <div className="document">{blocks(lexer(text))}</div>;

/** What this page does not draw (markup, images) is shown as it was written. */
const blocks = (tokens: readonly Token[]): ReactNode =>
  tokens.map((token, at) => (drawn.has(token.type) ? <Block key={at} token={token as BlockToken | InlineToken} /> : token.raw));
const inlines = (tokens: readonly Token[] | undefined): ReactNode =>
  tokens?.map((token, at) => (inline.has(token.type) ? <Inline key={at} token={token as InlineToken} /> : token.raw));

const inline = new Set(['text', 'strong', 'em', 'codespan', 'link', 'br', 'escape']);
const drawn = new Set(['heading', 'paragraph', 'list', 'code', 'table', 'blockquote', 'hr', 'space', ...inline]);

type BlockToken =
  | Tokens.Heading
  | Tokens.Paragraph
  | Tokens.List
  | Tokens.Code
  | Tokens.Table
  | Tokens.Blockquote
  | Tokens.Hr
  | Tokens.Space;
type InlineToken = Tokens.Text | Tokens.Strong | Tokens.Em | Tokens.Codespan | Tokens.Link | Tokens.Br | Tokens.Escape;

function Block({ token }: { readonly token: BlockToken | InlineToken }): ReactNode {
  switch (token.type) {
    case 'heading': {
      const Level = headings[token.depth - 1] ?? 'h4';
      return <Level>{inlines(token.tokens)}</Level>;
    }
    case 'paragraph':
      return <p>{inlines(token.tokens)}</p>;
    case 'list': {
      const items = token.items.map((item, at) => <li key={at}>{blocks(item.tokens)}</li>);
      return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'code':
      return (
        // What scrolls must be reachable by keyboard.
        <pre tabIndex={0} aria-label="Command or example">
          {token.text}
        </pre>
      );
    case 'blockquote':
      return <blockquote>{blocks(token.tokens)}</blockquote>;
    case 'table':
      return <Table token={token} />;
    case 'hr':
      return <hr />;
    case 'space':
      return null;
    case 'text':
    case 'strong':
    case 'em':
    case 'codespan':
    case 'link':
    case 'br':
    case 'escape':
      return <Inline token={token} />;
  }
}

const headings = ['h1', 'h2', 'h3', 'h4'] as const;

const Table = ({ token: { header, rows } }: { readonly token: Tokens.Table }) => (
  <Scrolls label="Table">
    <table className="plain">
      <thead>
        <tr>
          {header.map((cell, at) => (
            <th key={at} scope="col">
              {inlines(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, line) => (
          <tr key={line}>
            {row.map((cell, at) => (
              <td key={at}>{inlines(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </Scrolls>
);

function Inline({ token }: { readonly token: InlineToken }): ReactNode {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? token.text : inlines(token.tokens);
    case 'strong':
      return <strong>{inlines(token.tokens)}</strong>;
    case 'em':
      return <em>{inlines(token.tokens)}</em>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'link':
      return /^(https:\/\/|\/(?![/\\])|#)/.test(token.href) ? (
        <a href={token.href} rel="noreferrer">
          {inlines(token.tokens)}
        </a>
      ) : (
        token.raw
      );
    case 'escape':
      return token.text;
    case 'br':
      return <br />;
  }
}
