import { Command, Option } from 'commander';
import { coverage } from '../../findings/index.ts';
import { askAccess, type AccessQuestion } from '../../jobs/ask-access.ts';
import { collectEstate } from '../../jobs/collect-estate.ts';
import { principalsNamed, type NamedPrincipal } from '../../jobs/principals-named.ts';
import { principalId, type Estate } from '../../estate/index.ts';
import { readEstateFile } from '../estate-file.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { withFormat, withWorld, type CommonOptions } from '../options.ts';
import { answerText } from '../output/answer-text.ts';
import type { Door } from '../run.ts';
import { inSession } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../trouble.ts';

interface AccessOptions extends CommonOptions {
  readonly action: string;
  readonly on: string;
  readonly plane: AccessQuestion['plane'];
  readonly estate?: string;
}

export function accessCommand(door: Door): Command {
  const command = new Command('access')
    .description('may this principal do this there: by which path, or why not')
    .argument('<principal>', 'object id, client id, ARM id, or name');
  return withFormat(withWorld(command), ['table', 'json'])
    .requiredOption('--action <operation>', 'such as Microsoft.KeyVault/vaults/secrets/getSecret/action')
    .requiredOption('--on <resource>', 'ARM id of the target')
    .addOption(
      new Option('--plane <plane>', 'control or data; auto knows the actions that built-in roles name')
        .choices(['auto', 'control', 'data'])
        .default('auto'),
    )
    .option('--estate <file>', 'ask what `collect --out` wrote instead of collecting')
    .action(async (given: string, options: AccessOptions) => {
      if (!/^\/(subscriptions|providers)\/.|^\/$/i.test(options.on))
        throw new UsageError(`--on takes an ARM id such as /subscriptions/…, not ${options.on}.`);
      if (/\/\.{0,2}(\/|$)/.test(options.on.replace(/\/$/, '') || 'root'))
        throw new UsageError(`--on takes an ARM id written out, without empty parts or dots: ${options.on}.`);
      if (options.action.includes('*'))
        throw new UsageError(`--action takes one operation, not a pattern: ask for each that ${options.action} stands for.`);
      if (!/^[^\s/]+\/.+[^/]$/.test(options.action))
        throw new UsageError(`--action takes an operation such as Microsoft.Storage/storageAccounts/read, not ${options.action}.`);
      const terminal = door.terminal(options);
      const estate = await estateFor(given, options, terminal);
      terminal.progress('');
      const answer = askAccess({ estate, principal: theOne(estate, given), action: options.action, on: options.on, plane: options.plane });
      const json = { schema: 'mi-audit/access/v1', ...answer, coverage: coverage(estate.gaps) };
      terminal.print(options.format === 'json' ? JSON.stringify(json, undefined, 2) : answerText(answer, terminal));
      door.exit(codeOf(answer.answer.verdict));
    });
}

/** A pipeline asks "may it?": only a plain yes is 0. What could not be decided is incomplete, not a no. */
function codeOf(verdict: ReturnType<typeof askAccess>['answer']['verdict']): ExitCode {
  switch (verdict) {
    case 'allowed':
    case 'conditioned':
      return exitCode.clean;
    case 'denied':
    case 'no-path':
      return exitCode.failure;
    case 'unknown':
      return exitCode.incomplete;
  }
}

async function estateFor(given: string, options: AccessOptions, terminal: Terminal): Promise<Estate> {
  if (options.estate !== undefined) return readEstateFile(options.estate);
  return inSession(options, terminal, async ({ settings, house, now }) => {
    const { estate } = await collectEstate({
      source: house.source(),
      store: await house.store(),
      settings,
      now,
      denyAssignmentsAt: [options.on],
      // Who holds nothing directly may still hold something through groups: those are read for whom the directory is asked about.
      ...(guid.test(given.trim()) && { principals: [principalId(given)] }),
      progress: (line) => terminal.progress(line),
    });
    return estate;
  });
}

function theOne(estate: Estate, given: string): NamedPrincipal {
  const named = principalsNamed(estate, given);
  if (named[0] === undefined) {
    const blind = estate.gaps.some(
      ({ slice, harmless }) => harmless !== true && (slice === 'identities' || slice === 'hosts' || slice === 'principals'),
    );
    throw new UsageError(`Nobody named ${given} was seen.${blind ? ' Not everything was visible: give the object id instead.' : ''}`);
  }
  if (named.length > 1)
    throw new UsageError(
      `${named.length} principals go by ${given}: ${named.map(({ id, kind }) => `${id} (${kind})`).join(', ')}. Give the object id.`,
    );
  return named[0];
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
