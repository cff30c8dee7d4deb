/** What a check has found: in order, wrong and to be mended, or merely good to know. */
export interface Finding {
  readonly state: 'fine' | 'wrong' | 'note';
  /** What was found, and where it is wrong what to do. */
  readonly sentence: string;
}

/** One thing that the doctor looks at. */
export interface Check {
  /** What it is about, for the case that it cannot be looked at. */
  readonly about: string;
  run(): Promise<readonly Finding[]>;
}

export const fine = (sentence: string): Finding => ({ state: 'fine', sentence });
export const wrong = (sentence: string): Finding => ({ state: 'wrong', sentence });
export const note = (sentence: string): Finding => ({ state: 'note', sentence });

/** What went wrong, in words that carry no patient's data: messages of ours, and at most the code of somebody else's. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  return cause instanceof Error && cause.message ? `${error.message} (${cause.message})` : error.message;
}
