export { type Database, lookInto, openDatabase, type Where } from './database.ts';
export { createDeadLetters, type DeadLetter, type DeadLetters } from './dead-letters.ts';
export { createDigests } from './digests.ts';
export { type GivenUp, givenUp, JOURNAL } from './given-up.ts';
export { createJobs, type Handlers, type Outcome, type Worker } from './jobs.ts';
export { createLedger } from './ledger.ts';
export { withPatience } from './patient-opening.ts';
export type { LedgerWatch } from './watched-dialect.ts';
