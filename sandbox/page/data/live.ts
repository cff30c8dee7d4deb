import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { sentenceOf } from './http.ts';
import { createRefresher, type Refresher } from './refresher.ts';
import { type Connection, type Heard, stream } from './stream.ts';

export interface Live<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
  /** Ask again at once; resolves when the answer is on the page. */
  refresh(): Promise<void>;
}

interface Loaded<T> {
  readonly key: string;
  readonly value?: T;
  readonly error?: string;
}

/**
 * Loads a value, and loads it again when an event that `wakes` it is heard, or after a gap in the events.
 * `key` names what is loaded: another key drops the old value; no key loads nothing.
 */
export function useLive<T>(
  key: string | undefined,
  load: () => Promise<T>,
  wakes: (event: Heard) => boolean,
): Live<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>();
  const latest = useRef({ load, wakes });
  latest.current = { load, wakes };
  const refresher = useRef<Refresher>(undefined);

  useEffect(() => {
    if (key === undefined) return;
    let gone = false;
    const current = createRefresher(async () => {
      const outcome = await latest.current.load().then(
        (value) => ({ value }),
        (error: unknown) => ({ error: sentenceOf(error) }),
      );
      if (gone) return;
      setLoaded((before) => ({
        ...(before?.key === key && 'error' in outcome ? before : {}),
        key,
        ...outcome,
      }));
    });
    refresher.current = current;
    void current.now();
    const deaf = stream.listen((event) => {
      if (event.kind === 'resync' || latest.current.wakes(event)) current.soon();
    });
    return () => {
      gone = true;
      deaf();
      current.stop();
    };
  }, [key]);

  const refresh = useCallback(async () => refresher.current?.now(), []);
  const mine = loaded?.key === key ? loaded : undefined;
  return { value: mine?.value, error: mine?.error, refresh };
}

export function useConnection(): Connection {
  return useSyncExternalStore(stream.onConnection, stream.connection);
}
