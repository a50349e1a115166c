import { type Command, InvalidArgumentError, Option } from 'commander';
import { severities } from '../rules/index.ts';

export type Format = 'table' | 'json' | 'csv' | 'sarif' | 'markdown';

/** What most commands take. */
export interface CommonOptions {
  readonly world?: string;
  readonly store?: string;
  readonly now?: string;
  readonly format: Format;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

export function withWorld(command: Command): Command {
  return command
    .option('--world <dir>', 'run on that world inside a fresh sandbox (`contoso` is the built-in one)')
    .option('--store <where>', 'folder (embedded SQLite), connection string, or https URL of a storage account')
    .addOption(new Option('--now <instant>', 'the clock of the world').argParser(instant));
}

export function withFormat(command: Command, formats: readonly Format[]): Command {
  return command
    .addOption(new Option('--format <format>', 'how to print').choices([...formats]).default('table'))
    .option('-q, --quiet', 'print the answer only')
    .option('--debug', 'print stack traces');
}

export const severityOption = (flags: string, about: string): Option => new Option(flags, about).choices([...severities]);

export function instant(given: string): string {
  if (
    !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(given) ||
    !isDay(given) ||
    Number.isNaN(Date.parse(given))
  ) {
    throw new InvalidArgumentError('It must be an instant such as 2026-11-20T08:00:00Z.');
  }
  return new Date(given).toISOString();
}

/** A day means until its end; `90d` counts from now. */
export function until(given: string, now: string): string | undefined {
  const days = /^(\d{1,4})d$/.exec(given)?.[1];
  if (days !== undefined) return new Date(Date.parse(now) + Number(days) * 86_400_000).toISOString();
  const text = /^\d{4}-\d{2}-\d{2}$/.test(given) ? `${given}T23:59:59Z` : given;
  return !isDay(given) || Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString();
}

/** JavaScript reads 30 February as 2 March. */
function isDay(given: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(given)?.[0];
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day ?? '');
}

export const listOf = (given: string): readonly string[] =>
  given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
