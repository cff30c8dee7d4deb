import type { Logger } from 'pino';

/** Whether the server keeps transactions, as far as is known now. */
export interface Transactions {
  kept(): boolean;
  stop(): void;
}

const RECHECK_MS = 3_600_000;

/** Found out now and looked up again every hour: it can be switched on. */
export async function watchTransactions(find: () => Promise<boolean>, log: Logger): Promise<Transactions> {
  let kept = false;
  const look = async () => {
    try {
      kept = await find();
    } catch (error) {
      // Without an answer the journal is used: it is right on every server.
      log.warn({ err: error }, 'whether the server keeps transactions is not known; the journal is used');
      kept = false;
    }
  };
  await look();
  const timer = setInterval(look, RECHECK_MS).unref();
  return { kept: () => kept, stop: () => clearInterval(timer) };
}
