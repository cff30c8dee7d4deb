import type { Logger } from 'pino';

/** Whether the server keeps transactions, as far as is known now. */
export interface Transactions {
  kept(): boolean;
  /** The server has just run one as a batch: from now on none is sent until it is found to keep them again. */
  ranAsBatch(): void;
  stop(): void;
}

/** It can be switched on: nothing is lost by learning of it late. */
const LOOK_FOR_THEM_MS = 3_600_000;
/**
 * It can be switched off, and then a claim that loses its race leaves a Provenance of what never was. A look costs what
 * one write costs.
 */
const RELY_ON_THEM_MS = 60_000;

/** Found out now, and looked up again: every hour whether it was switched on, every minute whether it was switched off. */
export async function watchTransactions(find: () => Promise<boolean>, log: Logger): Promise<Transactions> {
  let kept = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  function lookAgainIn(ms: number): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(look, ms).unref();
  }

  async function look(): Promise<void> {
    try {
      const found = await find();
      if (kept && !found) log.warn('the server keeps transactions no longer; the journal is used');
      kept = found;
      lookAgainIn(kept ? RELY_ON_THEM_MS : LOOK_FOR_THEM_MS);
    } catch (error) {
      // Without an answer the journal is used: it is right on every server.
      log.warn({ err: error }, 'whether the server keeps transactions is not known; the journal is used');
      kept = false;
      lookAgainIn(RELY_ON_THEM_MS);
    }
  }

  await look();
  return {
    kept: () => kept,
    ranAsBatch: () => {
      log.error('the server has run a transaction as a batch; the journal is used from now on');
      kept = false;
      lookAgainIn(LOOK_FOR_THEM_MS);
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
