import type { MedplumClient } from '@medplum/core';
import { attempt, fresh } from './requests.ts';

/** A search that finds nothing: whether the server answers us, for twenty units of the quota. */
export async function askRecord(client: MedplumClient): Promise<void> {
  const nobody = '_id=00000000-0000-4000-8000-000000000000&_count=1';
  await attempt('asking whether the record is there', () => client.search('Task', nobody, fresh()));
}
