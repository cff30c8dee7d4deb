import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const table = readFileSync(path('docs/specification.md'), 'utf8');

/** The rows of every table, as their cells. */
const rows = table
  .split('\n')
  .filter((line) => line.startsWith('|') && !line.startsWith('|---') && !line.startsWith('| The guide'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('docs/specification.md', () => {
  it('has a row for every sentence and code block, each with four cells', () => {
    expect(rows.length).toBeGreaterThan(35);
    expect(rows.filter((cells) => cells.length !== 4 || cells.some((cell) => cell === ''))).toEqual([]);
  });

  it('names each sentence once', () => {
    const sentences = rows.map(([sentence]) => sentence);

    expect(sentences.filter((one, i) => sentences.indexOf(one) !== i)).toEqual([]);
  });

  it.each(rows.map(([sentence = '', , code = '', test = '']) => ({ sentence, code, test })))(
    'knows where the code and the test stand for $sentence',
    ({ code, test }) => {
      const [, file = '', title = ''] = /^`([^`]+)` › (.*)$/.exec(test) ?? [];

      expect(existsSync(path(code.replaceAll('`', ''))), `${code} exists`).toBe(true);
      expect(title).not.toBe('');
      expect(
        titlesOf(file).filter((one) => one.includes(title)),
        `a test of ${file} is called so`,
      ).not.toEqual([]);
    },
  );
});

/** What the tests of a file, and their groups, are called. */
function titlesOf(file: string): string[] {
  if (!existsSync(path(file))) return [];
  const source = readFileSync(path(file), 'utf8');
  const calls = source.matchAll(/\b(?:it|describe)(?:\.each\([^)]*\))?\(\s*(['`])((?:(?!\1)[^\\]|\\.)*)\1/g);
  return [...calls].map(([, , title = '']) => title.replaceAll('\\’', '’'));
}
