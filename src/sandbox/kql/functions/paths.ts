/** File paths, JSON paths, sizes in bytes, command lines. */
import { unsupported } from '../kql-error.ts';
import { type Bag, isBag } from '../dynamic.ts';
import { constantExpr } from '../scope.ts';
import { nameOf } from '../syntax.ts';
import { type Builtins, special, strict } from './define.ts';
import { INGESTION_TIME } from '../scan.ts';

export const PATHS: Builtins = {
  parse_path: strict(['string'], parsePath),
  treepath: strict(['dynamic'], (value: unknown) => (isBag(value) || Array.isArray(value) ? pathsIn(value, '') : null)),
  format_bytes: strict(['real', 'long', 'string'], formatBytes),
  parse_command_line: strict(['string', 'string'], parseCommandLine),
  column_names_of: special((call) => {
    const [table] = call.nodes;
    const binding = table && call.scope.names.get(nameOf(table));
    const found = binding?.kind === 'tabular' ? binding.compile(false) : table && call.scope.run.compileTabular(table, call.scope, false);
    if (!found) throw unsupported('column_names_of()', call.position);
    return constantExpr(
      'dynamic',
      found.columns.map((column) => column.name).filter((name) => name !== INGESTION_TIME),
    );
  }),
};

/** https://learn.microsoft.com/kusto/query/parse-path-function */
function parsePath(text: string): Bag {
  const scheme = /^([a-z]+):\/\//i.exec(text);
  const rest = scheme ? text.slice(scheme[0].length) : text;
  if (rest.startsWith('\\\\?\\') || rest === '') throw unsupported(`parse_path() of ${text}`);
  const root = /^[A-Za-z]:/.exec(rest)?.[0] ?? '';
  const cut = Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\'));
  const directory = cut < 0 ? '' : rest.slice(0, cut);
  const [file = '', stream = ''] = rest.slice(cut + 1).split(':');
  return {
    Scheme: scheme?.[1] ?? '',
    RootPath: root,
    DirectoryPath: directory,
    DirectoryName: directory.split(/[\\/]/).at(-1) ?? '',
    Filename: file,
    Extension: file.includes('.') ? file.slice(file.lastIndexOf('.') + 1) : '',
    AlternateDataStreamName: stream,
  };
}

function pathsIn(value: unknown, prefix: string): string[] {
  if (Array.isArray(value)) {
    if (value.length > 1 && value.some((item) => isBag(item) || Array.isArray(item))) throw unsupported('treepath() of an array of bags');
    return value.length === 0 ? [] : [`${prefix}[0]`];
  }
  if (!isBag(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${prefix}['${key}']`, ...pathsIn(inner, `${prefix}['${key}']`)]);
}

const UNITS = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];

function formatBytes(size: number, precision = 0, unit = ''): string {
  if (size < 0 || !Number.isFinite(size)) throw unsupported(`format_bytes() of ${size}`);
  const at =
    unit === '' ? Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log(Math.max(1, size)) / Math.log(1024)))) : UNITS.indexOf(unit);
  if (at < 0) throw unsupported(`format_bytes() in '${unit}'`);
  const scaled = size / 1024 ** at;
  if (Math.abs((scaled * 10 ** precision) % 1) === 0.5) throw unsupported(`format_bytes() of the tie ${size}`);
  return `${Number(scaled.toFixed(precision))} ${UNITS[at]}`;
}

/** Only what needs no rule of a shell: words, and words in double quotes. */
function parseCommandLine(text: string, platform: string): string[] {
  if (platform.toLowerCase() !== 'windows' || /[\\^]|""/.test(text)) throw unsupported('parse_command_line() of such a text');
  return [...text.matchAll(/"([^"]*)"|([^\s"]+)/g)].map((match) => match[1] ?? match[2] ?? '');
}
