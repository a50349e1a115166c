import type { MailPart, MailText } from './mail-text.ts';
import { holdsAddress } from './unlinked.ts';

const width = 76;

/** Written to be read in a terminal: what a reader needs first stands first, commands on lines of their own. */
export function plainText(mail: MailText): string {
  const blocks = [
    wrapped(mail.headline),
    wrapped(mail.reason),
    ...mail.notes.map((note) => wrapped(note)),
    mail.facts.map(({ label, text }) => wrapped(text, label.padEnd(10))).join('\n'),
    ...mail.parts.map((part) => partText(part, mail.more[0] ?? 'mi-audit findings')),
    wrapped(mail.coverage.text),
    mail.links.map(({ title, url }) => `${title}:\n${url}`).join('\n'),
    mail.more.length === 0 ? '' : `More:\n${mail.more.map((line) => `  ${line}`).join('\n')}`,
    // The customary mark of a signature: two hyphens and a blank.
    ['-- ', ...mail.footer.map((line) => wrapped(line))].join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function partText(part: MailPart, read: string): string {
  const title = part.title.toUpperCase();
  switch (part.kind) {
    case 'steps':
      return [
        title,
        ...part.steps.flatMap(({ text, command }) => [
          ...(text === '' ? [] : [wrapped(text, '- ')]),
          ...(command === '' ? [] : [commandLine(command, read)]),
        ]),
      ].join('\n');
    case 'lines':
      return [title, ...part.lines.map((line) => wrapped(line, '- '))].join('\n');
    case 'facts':
      return [title, ...part.facts.map(({ label, text }) => wrapped(text, `${label.padEnd(28)} `))].join('\n');
    case 'table':
      return [title, ...part.rows.map((row) => wrapped(row.filter((cell) => cell !== '').join(' · '), '- '))].join('\n');
  }
}

/** Unbroken, so that it can be copied; but here nothing keeps a mail program from making a link of an address in it. */
const commandLine = (command: string, read: string): string =>
  holdsAddress(command) ? wrapped(`(A command with an address in it: ${read} prints it.)`, '    ') : `    ${command}`;

/** Lines of at most 76 characters; the second and later ones stand below the first one's text. */
function wrapped(text: string, lead = ''): string {
  const indent = ' '.repeat(lead.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && lead.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one, at) => `${at === 0 ? lead : indent}${one}`.trimEnd()).join('\n');
}
