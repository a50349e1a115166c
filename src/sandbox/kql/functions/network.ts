/** IPv4 and IPv6 functions. */
import type { Builtins } from './define.ts';

export const NETWORK: Builtins = {};
