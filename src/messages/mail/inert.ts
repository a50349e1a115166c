import type { MailPart, MailText } from './mail-text.ts';
import { unlinked } from './unlinked.ts';

/** The last word on every text of a mail, whoever wrote it: none of it is an address. Commands stay as they are, and our own links are links. */
export function inert(mail: MailText): MailText {
  return {
    ...mail,
    subject: unlinked(mail.subject),
    preview: unlinked(mail.preview),
    headline: unlinked(mail.headline),
    reason: unlinked(mail.reason),
    notes: mail.notes.map(unlinked),
    facts: mail.facts.map(inertFact),
    parts: mail.parts.map(inertPart),
    coverage: { ...mail.coverage, text: unlinked(mail.coverage.text) },
    more: mail.more.map(unlinked),
    footer: mail.footer.map(unlinked),
  };
}

const inertFact = ({ label, text }: MailText['facts'][number]): MailText['facts'][number] => ({
  label: unlinked(label),
  text: unlinked(text),
});

function inertPart(part: MailPart): MailPart {
  const title = unlinked(part.title);
  switch (part.kind) {
    case 'steps':
      return { ...part, title, steps: part.steps.map(({ text, command }) => ({ text: unlinked(text), command })) };
    case 'lines':
      return { ...part, title, lines: part.lines.map(unlinked) };
    case 'facts':
      return { ...part, title, facts: part.facts.map(inertFact) };
    case 'table':
      return { ...part, title, rows: part.rows.map((row) => row.map(unlinked)) };
  }
}
