import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { parseSync } from 'vite';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Import {
  /** As written, or the path from the root for a relative one. */
  readonly from: string;
  /** Names that are taken as values; types do not count, because nothing of them is left when the code runs. */
  readonly values: readonly string[];
}

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** Without comments. */
  readonly code: string;
  /** Without comments and without the content of string literals. */
  readonly bare: string;
  readonly imports: readonly Import[];
}

/** Every TypeScript file of the folder, parsed as far as the rules of the house need it. */
export function readFolder(folder: string): Source[] {
  return globSync(`${folder}/**/*.{ts,tsx}`, { cwd: ROOT }).map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const { comments, module, program } = parseSync(path, text);
    const code = blank(text, comments);
    const named = (from: string) => (from.startsWith('.') ? normalize(join(dirname(path), from)) : from);
    const imports = module.staticImports.map(
      ({ moduleRequest, entries }): Import => ({
        from: named(moduleRequest.value),
        values:
          entries.length === 0
            ? ['everything']
            : entries.filter((one) => !one.isType).map((one) => one.importName.name ?? 'everything'),
      }),
    );
    const again = module.staticExports.flatMap(({ entries }) =>
      entries.flatMap((one): Import[] =>
        one.moduleRequest
          ? [
              {
                from: named(one.moduleRequest.value),
                values: one.isType ? [] : [one.importName.name ?? 'everything'],
              },
            ]
          : [],
      ),
    );
    const later = module.dynamicImports.map(
      ({ moduleRequest }): Import => ({
        from: named(text.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, '')),
        values: ['everything'],
      }),
    );
    return {
      path,
      text,
      lines: text.trimEnd().split('\n').length,
      code,
      bare: blank(code, literalsIn(program)),
      imports: [...imports, ...again, ...later],
    };
  });
}

/** The text with these parts blanked out; lines stay where they are. */
function blank(text: string, parts: readonly { start: number; end: number }[]): string {
  const characters = text.split('');
  for (const { start, end } of parts) {
    for (let i = start; i < end; i++) if (characters[i] !== '\n') characters[i] = ' ';
  }
  return characters.join('');
}

/** Where the string literals of the program are, the fixed parts of templates among them. */
function literalsIn(node: unknown): { start: number; end: number }[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(literalsIn);
  if (isLiteral(node)) return [{ start: node.start, end: node.end }];
  return Object.values(node).flatMap(literalsIn);
}

function isLiteral(node: object): node is { start: number; end: number } {
  if (!('type' in node && 'start' in node && 'end' in node)) return false;
  return (
    node.type === 'TemplateElement' ||
    (node.type === 'Literal' && 'value' in node && typeof node.value === 'string')
  );
}
