import { openAsBlob } from 'node:fs';
import type { Where } from '../../src/ledger/index.ts';

/** Where {@link file://./ledger-image-setup.ts} has written the image: the workers are told by the environment. */
export const IMAGE_VARIABLE = 'TEST_LEDGER_IMAGE';

/** A new and empty ledger in memory; a copy of one that has its tables already, because making them takes seconds. */
export async function inMemory(): Promise<Extract<Where, { memory: true }>> {
  const image = process.env[IMAGE_VARIABLE];
  return image === undefined ? { memory: true } : { memory: true, copyOf: await openAsBlob(image) };
}
