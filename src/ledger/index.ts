export { type Database, lookInto, openDatabase, type Where } from './database.ts';
export { createDigests } from './digests.ts';
export { createJobs, type Handlers, type Outcome, type Worker } from './jobs.ts';
export { createLedger } from './ledger.ts';
