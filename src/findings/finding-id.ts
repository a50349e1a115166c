import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * `orphaned-assignment-1f2e3d4c5b6a7980`: the rule, then 64 bits of SHA-256 over rule and subject (so that its head alone names one finding). A cryptographic hash, because names of resources are chosen by
 * others: nobody may craft one whose finding falls onto another that was accepted.
 */
export function findingId(rule: string, subject: string, aspect = ''): string {
  return `${rule}-${bytesToHex(sha256(utf8ToBytes(`${rule}\n${identityText(subject, aspect)}`)).subarray(0, digestBytes))}`;
}

/** ARM ids compare case-insensitively; so do our findings. */
export const identityText = (subject: string, aspect = ''): string => `${subject}\n${aspect}`.toLowerCase();

const digestBytes = 8;

/** The rule that an id begins with; undefined when it is no finding's id. */
export function ruleOfFinding(id: string): string | undefined {
  return /^([a-z0-9-]+)-[0-9a-f]{16}$/.exec(id)?.[1];
}
