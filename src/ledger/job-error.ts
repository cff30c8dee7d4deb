import { ChatError } from '../runtime/ports/chat.ts';
import { LedgerError } from '../runtime/ports/ledger.ts';
import { RecordError } from '../runtime/ports/record.ts';

/** What the job queue keeps of an error: its kind. */
export class JobError extends Error {
  constructor(error: unknown) {
    super(kindOf(error));
    this.name = 'JobError';
    // Where it happened is in the log, with everything else.
    delete this.stack;
  }
}

/** What went wrong, in two words: who, and which of the kinds of errors that the core knows. */
export function kindOf(error: unknown): string {
  if (error instanceof AggregateError) return kindOf(error.errors[0]);
  if (error instanceof RecordError) return `record ${error.kind}`;
  if (error instanceof ChatError) return `chat ${error.kind}`;
  if (error instanceof LedgerError) return `ledger ${error.state}`;
  return 'defect';
}
