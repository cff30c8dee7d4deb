/** Chance that can be had again: everything of a run comes from its seed. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  /** Throws where there is nothing to pick from. */
  pick<T>(from: readonly T[]): T;
  /** By the weight of each. */
  weighted<T extends { readonly weight: number }>(from: readonly T[]): T;
  /** Another sequence that comes from this seed and a word: what one part draws does not shift what another gets. */
  branch(word: string): Random;
}

/** Mulberry32: small, quick, and good enough to be unkind. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));

  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (from) => {
      const found = from[between(0, from.length - 1)];
      if (found === undefined) throw new Error('There is nothing to pick from.');
      return found;
    },
    weighted: (from) => {
      let left = next() * from.reduce((sum, { weight }) => sum + weight, 0);
      const found = from.find(({ weight }) => {
        left -= weight;
        return left < 0;
      });
      const last = found ?? from.at(-1);
      if (last === undefined) throw new Error('There is nothing to pick from.');
      return last;
    },
    branch: (word) => createRandom([...word].reduce((sum, sign) => sum * 31 + sign.charCodeAt(0), seed)),
  };
}
