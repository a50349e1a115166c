import { azureParsers } from './azure-parsers.ts';
import type { Fuzzed } from './fuzzed.ts';
import { logParsers } from './log-parsers.ts';
import { sandboxParsers } from './sandbox-parsers.ts';
import { storedParsers } from './stored-parsers.ts';
import { tokenParsers } from './token-parsers.ts';

/** Everything in src/ that parses what others write. A new parser gets a line here, or the check fails. */
export const parsers: readonly Fuzzed[] = [...sandboxParsers, ...azureParsers, ...logParsers, ...tokenParsers, ...storedParsers];

/** Input that is fuzzed where its other tests are. */
export const elsewhere: readonly { readonly input: string; readonly test: string; readonly files: readonly string[] }[] = [
  { input: 'settings', test: 'test/config/read-settings.test.ts', files: ['config/read-settings.ts', 'config/field.ts'] },
  { input: 'the setting CHANNELS', test: 'test/config/channels.test.ts', files: ['config/channels.ts'] },
  {
    input: 'requests to the HTTP API',
    test: 'test/api/fuzz.test.ts',
    files: ['api/auth/verify-token.ts', 'api/http/query.ts', 'api/http/body.ts'],
  },
];

/** Files that parse what this product wrote itself, and why that is nobody else's. */
export const ownInput: Readonly<Record<string, string>> = {
  'cli/run.ts': 'the arguments of the command line, taken apart by commander',
  'config/describe.ts': 'the schema of the settings, asked for its defaults',
};
