/** What was read, and when the reading began (milliseconds): it knows nothing of what came later. */
export interface Reading<T> {
  readonly began: number;
  readonly value: T;
}

/** One read for all who ask for the same thing in the same moment. */
export interface SharedRead<T> {
  /** @param notBefore milliseconds: a read that began earlier is too old for whoever asks. */
  read(key: string, notBefore: number): Promise<Reading<T>>;
}

/** Nobody asks for what is older; it is not kept, because it may be full of Tasks. */
const KEPT_MS = 2_000;

/** @param now milliseconds. */
export function shareReads<T>(read: (key: string) => Promise<T>, now: () => number): SharedRead<T> {
  const readings = new Map<string, { readonly began: number; readonly result: Promise<Reading<T>> }>();

  function forget(key: string, began: number): void {
    if (readings.get(key)?.began === began) readings.delete(key);
  }

  return {
    read: (key, notBefore) => {
      const last = readings.get(key);
      if (last && last.began >= notBefore) return last.result;
      const began = now();
      const result = read(key).then(
        (value) => {
          setTimeout(() => forget(key, began), KEPT_MS).unref();
          return { began, value };
        },
        (error: unknown) => {
          forget(key, began);
          throw error;
        },
      );
      readings.set(key, { began, result });
      return result;
    },
  };
}
