import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * `orphaned-assignment-1f2e3d4c5b6a7980`: the rule, then 64 bits of SHA-256 over rule and subject (so that its head alone names one finding). A cryptographic hash, because names of resources are chosen by
 * others: nobody may craft one whose finding falls onto another that was accepted.
 */
export const findingId = (rule: string, subject: string, aspect = '', hash: Sha256 = portable): string =>
  idOfText(rule, `${rule}\n${identityText(subject, aspect)}`, hash);

/** The same from the text that is hashed. */
export const idOfText = (rule: string, text: string, hash: Sha256): string => `${rule}-${hash(text).slice(0, digits)}`;

/** SHA-256 over the UTF-8 of a text, in hexadecimal. Whoever has thousands to make brings the one of the machine: it is ten times as fast. */
export type Sha256 = (text: string) => string;

/** In plain JavaScript: the rooms without a machine below them have no other. */
export const portable: Sha256 = (text) => bytesToHex(sha256(utf8ToBytes(text)));

/** ARM ids compare case-insensitively; so do our findings. */
export const identityText = (subject: string, aspect = ''): string => `${subject}\n${aspect}`.toLowerCase();

const digits = 16;

/** The rule that an id begins with; undefined when it is no finding's id. */
export function ruleOfFinding(id: string): string | undefined {
  return /^([a-z0-9-]+)-[0-9a-f]{16}$/.exec(id)?.[1];
}

/** The hexadecimal end of a finding's id: by its first digits findings are told apart into pieces of about the same size. Empty when it is no finding's id. */
export function digitsOf(id: string): string {
  return /-([0-9a-f]{16})$/.exec(id)?.[1] ?? '';
}
