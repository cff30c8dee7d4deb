import { registerHooks } from 'node:module';

/** What a deliberately broken build leaves out. */
export const BREAKS = ['journal', 'doubt', 'guard'] as const;
export type Break = (typeof BREAKS)[number];

interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const CHANGES: Readonly<Record<Break, Change>> = {
  /** The journal forgets what it is told. */
  journal: {
    file: '/src/ledger/ledger.ts',
    from: 'journal: createJournal(db),',
    to: "journal: { ...createJournal(db), begin: async () => '00000000-0000-4000-8000-000000000000' },",
  },
  /** A post whose answer was lost is not looked for before it is posted again. */
  doubt: {
    file: '/src/runtime/posting.ts',
    from: 'await platform.find(surface, key, await ledger.madeAt(key.card))',
    to: 'undefined',
  },
  /** Patches go without what they stood on. */
  guard: {
    file: '/src/record/patch.ts',
    from: '...guard(task, decision),',
    to: '...guard(task, decision).slice(99),',
  },
};

/** Breaks the product's code as it is loaded from now on. Throws where the code has changed and there is nothing to break. */
export function breakBuild(what: Break): void {
  const { file, from, to } = CHANGES[what];
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(file)) return loaded;
      const source = String(loaded.source);
      if (!source.includes(from)) throw new Error(`${file} has no “${from}” to break.`);
      return { ...loaded, source: source.replace(from, to) };
    },
  });
}
