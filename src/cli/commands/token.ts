import { Command } from 'commander';
import { judgeToken, readToken } from '../../jobs/judge-token.ts';
import { exitCode } from '../exit-code.ts';
import { oneLine } from '../output/plain-text.ts';
import { paintWith } from '../output/paint.ts';
import { withFormat, type CommonOptions } from '../options.ts';
import type { Door } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../trouble.ts';

interface TokenOptions extends CommonOptions {
  readonly resource?: string;
  readonly principal?: string;
  readonly tenant?: string;
}

/** No real token comes near this; more is not a token. */
const longestToken = 64 * 1024;

export function tokenCommand(door: Door): Command {
  const command = new Command('token').description(
    'decode a token from standard input: whose it is, for what, until when (no verification; never logged)',
  );
  return withFormat(command, ['table', 'json'])
    .option('--resource <uri>', 'what it should be for (aud), such as https://vault.azure.net')
    .option('--principal <id>', 'whose it should be: object id, client id, or ARM id of the identity')
    .option('--tenant <id>', 'where it should be issued')
    .action(async (options: TokenOptions) => {
      const terminal = door.terminal(options);
      const claims = readToken(await readInput(terminal));
      if (claims === undefined)
        throw new UsageError(
          'Standard input holds no token: expected three parts separated by dots (a JWT). Opaque tokens cannot be read.',
        );
      const checks = judgeToken(claims, {
        now: new Date().toISOString(),
        resource: options.resource,
        principal: options.principal,
        tenant: options.tenant,
      });
      const paint = paintWith(terminal.colours);
      if (options.format === 'json') terminal.print(JSON.stringify({ schema: 'mi-audit/token/v1', claims, checks }, undefined, 2));
      else {
        for (const [name, value] of Object.entries(claims)) terminal.print(`${paint.faint(name.padEnd(10))}${oneLine(value)}`);
        for (const { ok, text } of checks) terminal.print(`${ok ? paint.good('ok ') : paint.bad('not')} ${oneLine(text)}`);
        terminal.print(paint.faint('The signature was not verified.'));
      }
      door.exit(checks.every(({ ok }) => ok) ? exitCode.clean : exitCode.failure);
    });
}

async function readInput({ input }: Terminal): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += String(chunk);
    if (text.length > longestToken) throw new UsageError(`Standard input is longer than any token (${longestToken} characters).`);
  }
  return text;
}
