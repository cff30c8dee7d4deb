export { type Database, openDatabase, type Where } from './database.ts';
export { createJobs, type Handlers, type Outcome, type Worker } from './jobs.ts';
export { createLedger } from './ledger.ts';
