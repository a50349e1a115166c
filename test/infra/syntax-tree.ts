import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Language, Parser, type Node } from 'web-tree-sitter';

export const infra = fileURLToPath(new URL('../../infra/', import.meta.url));

export interface BicepFile {
  readonly name: string;
  readonly text: string;
  readonly root: Node;
}

/** Every Bicep file of the project as a syntax tree; the compiler itself cannot be had without Azure's own installer. */
export async function bicepFiles(): Promise<readonly BicepFile[]> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));
  const names = readdirSync(infra, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bicep'));
  return names.map((name) => {
    const text = readFileSync(`${infra}${name}`, 'utf8');
    const tree = parser.parse(text);
    if (tree === null) throw new Error(`${name} was not parsed`);
    return { name, text, root: tree.rootNode };
  });
}

export const all = (node: Node, type: string): readonly Node[] => node.descendantsOfType(type).filter((one) => one !== null);

/** Where the grammar could make nothing of the text. */
export function errors(root: Node): readonly string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (node.isError || node.isMissing) found.push(`${node.startPosition.row + 1}:${node.startPosition.column} ${node.text.slice(0, 60)}`);
    for (const child of node.children) if (child !== null) visit(child);
  };
  visit(root);
  return found;
}

export interface Declared {
  readonly kind: string;
  readonly symbol: string;
  /** `Microsoft.Storage/storageAccounts@2024-01-01`, or the path of a module. */
  readonly type: string;
  readonly node: Node;
}

export function declarations({ root }: BicepFile): readonly Declared[] {
  return ['resource_declaration', 'module_declaration'].flatMap((kind) =>
    all(root, kind).map((node) => ({
      kind,
      symbol: node.namedChildren.find((child) => child?.type === 'identifier')?.text ?? '',
      type: (node.namedChildren.find((child) => child?.type === 'string')?.text ?? '').slice(1, -1),
      node,
    })),
  );
}

/** Text of a property anywhere below, without its quotes; undefined where it is not set. */
export function property(node: Node, name: string): string | undefined {
  const found = all(node, 'object_property').find((one) => one.namedChildren[0]?.text === name);
  return found?.namedChildren[1]?.text.replace(/^'|'$/g, '');
}
