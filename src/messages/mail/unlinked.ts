import { shown } from '../card/foreign-text.ts';

/** Glues two letters together without being seen, and is no part of an address: U+2060 WORD JOINER. */
const joiner = '\u2060';

/**
 * Text that others wrote, fit for a mail: mail programs make a link of whatever looks like an address, also of `evil.example` alone. A word joiner behind
 * each dot, each @ and the colon of a scheme takes that away, and reads the same.
 */
export const foreign = (text: string, bytesMax: number): string => unlinked(shown(text, bytesMax));

export const unlinked = (text: string): string =>
  text
    .replace(/(?<=\p{L}):(?=[^\s\u2060])/gu, `:${joiner}`)
    .replace(/(?<=\S)@(?=[^\s\u2060])/g, `@${joiner}`)
    .replace(/(?<=[\p{L}\p{N}_-])[.\u3002\uFF0E\uFF61](?=[\p{L}\p{N}_-])/gu, (dot) => `${dot}${joiner}`);

/** A command is shown as it is or not at all, and plain text has no way to keep a mail program from making a link of an address in it. */
export const holdsAddress = (command: string): boolean => addressLike.test(command);

/** `Microsoft.KeyVault` and the like are no addresses. */
const addressLike =
  /:\/\/|\bwww\.|[\p{L}\p{N}]@[\p{L}\p{N}]|(?<!\bmicrosoft)(?<=[\p{L}\p{N}-])[.\u3002\uFF0E\uFF61]\p{L}{2,}(?![\p{L}\p{N}])/iu;
