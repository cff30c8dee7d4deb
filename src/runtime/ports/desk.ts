import type { Button, Line } from '../../cards/card.ts';
import type { FieldName } from '../../verbs/verb.ts';
import type { ChatUser } from './chat.ts';

/* What a chat platform may ask of the core. */

/** A command as it comes from a platform: words, not yet understood. */
export interface CommandRequest {
  readonly verb: string;
  /** A Task's id, or what a person typed of it. */
  readonly task: string;
  readonly by: ChatUser;
  readonly inputs: Partial<Record<FieldName, string>>;
}

/** What a person is told: done, or no and why. */
export interface Answer {
  readonly kind: 'done' | 'refused';
  readonly sentence: string;
  readonly field?: FieldName;
}

/** One choice of a type-ahead: `value` comes back in {@link CommandRequest.inputs}. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly group?: string;
}

/** What a typed command means: an answer at once, or a dialog that asks for the rest. */
export type Said =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly rows?: readonly Row[] }
  | { readonly kind: 'dialog'; readonly form: Form };

/** A line of a listing: a Task in a sentence, and what can be done with it. */
export interface Row {
  readonly line: Line;
  readonly buttons: readonly Button[];
}

/** A dialog, described without any platform's words. */
export interface Form {
  readonly verb: string;
  readonly title: string;
  readonly submit: string;
  /** The Task it is about; undefined where the person has to choose one first. */
  readonly task: { readonly id: string; readonly short: string } | undefined;
  readonly inputs: readonly FormInput[];
}

export interface FormInput {
  readonly name: FieldName | 'task';
  readonly label: string;
  readonly hint: string;
  readonly required: boolean;
  /** `search`: choices come as the person types; those that are given here are offered before that. */
  readonly kind: 'search' | 'choice' | 'text';
  readonly choices?: readonly Choice[];
  readonly maxLength?: number;
}

/** The front desk: everything that a platform may ask of the core. Never throws for what a person did. */
export interface Desk {
  /** Runs a command and says how it went. */
  run(request: CommandRequest): Promise<Answer>;
  /** Understands a slash command's words and runs them, or says which dialog to open. */
  say(word: string, text: string, by: ChatUser): Promise<Said>;
  /** The dialog of a verb, for a Task or for none yet. Reads nothing, so that it can open at once. */
  form(verb: string, taskId: string | undefined): Form | undefined;
  /** The choices for an input, as a person types. */
  search(input: FormInput['name'], words: string, by: ChatUser): Promise<readonly Choice[]>;
}
