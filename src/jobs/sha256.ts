import { hash } from 'node:crypto';

/** SHA-256 over the UTF-8 of a text, in hexadecimal, by the machine's own library. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');
