import { describe, expect, it } from 'vitest';
import { readFolder, type Source } from './support/pure-sources.ts';

/*
 * The rules of the house: who may know whom, and what the pure part must not touch. A rule that breaks lists the files
 * that break it.
 */

const sources = ['src', 'adapters', 'sandbox', 'test', 'bench', 'manifests'].flatMap(readFolder);

const inFolder = (folder: string) => sources.filter((one) => one.path.startsWith(`${folder}/`));
const src = inFolder('src');
const adapters = inFolder('adapters');
const pure = src.filter(({ path }) =>
  /^src\/(clock|routing|verbs|queries|duties|record|cards)\/|^src\/slash\.ts$/.test(path),
);

describe('Who may know whom', () => {
  it('the tests look at the files that there are', () => {
    const few = { src: src.length, adapters: adapters.length, pure: pure.length };

    expect(few.src).toBeGreaterThan(40);
    expect(few.adapters).toBeGreaterThan(5);
    expect(few.pure).toBeGreaterThan(20);
    expect(src.flatMap((one) => one.imports).length).toBeGreaterThan(100);
  });

  it('an adapter knows the front door of the core, and nothing else of it', () => {
    const found = importsOf(adapters, (from) => from.startsWith('src/') && from !== 'src/index.ts');

    expect(found, 'adapters may import src/index.ts only').toEqual([]);
  });

  it('no adapter knows another', () => {
    const found = adapters.flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => from.startsWith('adapters/') && path !== 'adapters/index.ts')
        .filter(({ from }) => from.split('/')[1] !== path.split('/')[1])
        .map(({ from }) => `${path} imports ${from}`),
    );

    expect(found, 'an adapter imports from its own folder').toEqual([]);
  });

  it('the core knows no adapter; only the composition root knows their list', () => {
    const found = importsOf(src, (from) => from.startsWith('adapters/')).filter(
      (one) => !['src/main.ts', 'src/cli.ts'].some((root) => one === `${root} imports adapters/index.ts`),
    );

    expect(found, 'only src/main.ts may import adapters/index.ts').toEqual([]);
  });

  it('the core knows no chat platform’s library', () => {
    const found = importsOf(src, (from) => /^(@slack\/|botbuilder|botframework|@microsoft\/)/.test(from));

    expect(found, 'platform libraries belong into adapters/').toEqual([]);
  });

  it('no adapter knows the record’s client or the ledger’s database', () => {
    const found = importsOf(adapters, (from) => /^(@medplum\/|kysely|pg|pg-boss|@electric-sql\/)/.test(from));

    expect(found, 'adapters speak to people, not to the record').toEqual([]);
  });

  it('the sandbox is known by tests, measurements and itself only', () => {
    const found = importsOf([...src, ...adapters], (from) => /^(sandbox|test|bench)\//.test(from));

    expect(found, 'nothing that runs in a clinic imports sandbox/, test/ or bench/').toEqual([]);
  });

  it('no platform is named in the code of the core', () => {
    const found = mentions(src, 'code', /\b\w*(slack|teams)\w*\b/gi);

    expect(found, 'the core says chat, platform, channel').toEqual([]);
  });
});

describe('The pure part', () => {
  const PURE = /^src\/(clock|routing|verbs|queries|duties|record|cards)\/|^src\/slash\.ts$/;

  it('imports nothing of the core but what is pure too', () => {
    const found = importsOf(
      pure,
      (from, values) => from.startsWith('src/') && !PURE.test(from) && values.length > 0,
    );

    expect(found, 'pure code may import pure code only').toEqual([]);
  });

  it('imports no I/O: of packages, only pure helpers, and types', () => {
    const HELPERS: Readonly<Record<string, readonly string[]>> = {
      '@medplum/core': ['deepEquals'],
      luxon: ['DateTime', 'IANAZone'],
      'cron-parser': ['CronExpressionParser'],
    };
    const found = pure.flatMap(({ path, imports }) =>
      imports
        .filter(({ from, values }) => !from.startsWith('src/') && values.length > 0)
        .filter(({ from, values }) => values.some((name) => !HELPERS[from]?.includes(name)))
        .map(({ from, values }) => `${path} imports ${values.join(', ')} of ${from}`),
    );

    expect(found, 'what does I/O belongs into runtime/, medplum/ or ledger/').toEqual([]);
  });

  it('reads no clock, no chance, no environment and no network', () => {
    const found = [
      /\bDate\.now\b/g,
      /\bnew Date(?!\w)\s*(?:\(\s*\)|(?!\s*\())/g,
      /(?<!\bnew )\bDate\s*\(/g,
      /\bDateTime\s*\.\s*(?:now|local|utc)\b/g,
      /\bMath\.random\b/g,
      /\b(?:crypto|performance|process|console|Temporal)\b/g,
      /\b(?:fetch|XMLHttpRequest|WebSocket)\b/g,
      /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g,
      /\b(?:async|await|Promise)\b/g,
    ].flatMap((pattern) => mentions(pure, 'bare', pattern));

    expect(found, 'pass in what changes by itself').toEqual([]);
  });
});

describe('The code', () => {
  it('reads the environment where the configuration is made, and nowhere else', () => {
    const found = mentions([...src, ...adapters], 'bare', /\bprocess\s*\.\s*env\b|\bprocess\s*\[/g).filter(
      (one) => !/^src\/(config|main|cli)\.ts:/.test(one),
    );

    expect(found, 'settings arrive as arguments').toEqual([]);
  });

  it('has no file that is longer than 300 lines', () => {
    const found = [...src, ...adapters]
      .filter(({ lines }) => lines > 300)
      .map(({ path, lines }) => `${path} has ${lines} lines`);

    expect(found, 'a file that holds two ideas becomes two files').toEqual([]);
  });

  it('has no file that silences the compiler or the linter', () => {
    const found = [...src, ...adapters].flatMap(({ path, text }) =>
      [...text.matchAll(/@ts-(?:ignore|nocheck|expect-error)|biome-ignore/g)].map(
        ([word]) => `${path}: ${word}`,
      ),
    );

    expect(found).toEqual([]);
  });
});

function importsOf(
  files: readonly Source[],
  forbidden: (from: string, values: readonly string[]) => boolean,
): string[] {
  return files.flatMap(({ path, imports }) =>
    imports
      .filter(({ from, values }) => forbidden(from, values))
      .map(({ from }) => `${path} imports ${from}`),
  );
}

function mentions(files: readonly Source[], text: 'code' | 'bare', pattern: RegExp): string[] {
  return files.flatMap((file) =>
    [...file[text].matchAll(pattern)].map((match) => {
      const line = file[text].slice(0, match.index).split('\n').length;
      return `${file.path}:${line} ${match[0].trim()}`;
    }),
  );
}
