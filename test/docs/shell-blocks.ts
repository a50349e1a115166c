import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** Commands of the ```sh blocks of a page, one a line, without comments; what stands in `$(…)` is a command of its own. */
export function commandsOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const blocks = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, block]) => block!);
  return blocks.flatMap((block) =>
    block
      .replaceAll(/\\\n/g, ' ')
      .split('\n')
      .map((line) => line.replace(/(^|\s)#\s.*$/, '').trim())
      .filter((line) => line !== '')
      .flatMap((line) => [line.replaceAll(inner, "'inner'"), ...[...line.matchAll(inner)].map(([, command]) => command!)])
      .flatMap((line) => line.split(/\s(?:&&|\|)\s|;\s/).map((command) => command.trim())),
  );
}

const inner = /"?\$\(([^()]*)\)"?/g;

/** `az deployment sub create --name x` → the words of the command, and its flags. */
export function takenApart(command: string): { readonly words: readonly string[]; readonly flags: readonly string[] } {
  const bare = command.replaceAll(/'[^']*'|"[^"]*"/g, 'VALUE');
  const parts = bare.split(/\s+/);
  const end = parts.findIndex((part) => part.startsWith('-'));
  return {
    words: end < 0 ? parts : parts.slice(0, end),
    flags: parts.filter((part) => /^--?[a-z]/.test(part)).map((flag) => flag.split('=')[0]!),
  };
}
