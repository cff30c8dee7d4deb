import type { Card } from '../../cards/card.ts';
import type { Surface } from '../../cards/surfaces.ts';
import type { Listing, Question } from '../../queries/query.ts';
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
  /** No card shows what was done, so whoever did it has to be told. */
  readonly isUnseen?: true;
}

/** One choice of a type-ahead: `value` comes back in {@link CommandRequest.inputs}. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly group?: string;
}

/** What came of a press or of typed words: a sentence, a listing, or a dialog that asks for the rest. */
export type Said =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'listing'; readonly listing: Listing }
  | { readonly kind: 'dialog'; readonly form: Form };

/** A dialog, described without any platform's words. */
export interface Form {
  readonly verb: string;
  readonly title: string;
  readonly submit: string;
  /** The Task it is about; undefined where the person has to choose one first. */
  readonly task: { readonly id: string; readonly short: string } | undefined;
  /** Said above the inputs, where something needs to be known first. */
  readonly lead?: string;
  readonly inputs: readonly FormInput[];
  /** What the choice of a target means can be shown before it counts: see {@link Desk.preview}. */
  readonly previews: boolean;
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
  /** What stands in it when the dialog opens. */
  readonly initial?: string;
}

/** What is known already when a dialog opens. */
export type Given = Partial<Record<FieldName, string>>;

/** The front desk: everything that a platform may ask of the core. Never throws for what a person did. */
export interface Desk {
  /** Runs a command with its inputs and says how it went. */
  run(request: CommandRequest): Promise<Answer>;
  /**
   * A button was pressed: a verb's or a query's. A verb that must be told something first answers with its dialog,
   * at once where that is known from the start (a dialog can only be opened within seconds).
   */
  press(word: string, taskId: string, by: ChatUser): Promise<Said>;
  /** Understands typed words and runs them, or says which dialog to open. */
  say(word: string, text: string, by: ChatUser): Promise<Said>;
  /** Answers a query; a button turns its pages. */
  ask(question: Question, by: ChatUser): Promise<Listing>;
  /** The dialog of a verb, for a Task or for none yet. Reads nothing, so that it can open at once. */
  form(verb: string, taskId: string | undefined, given?: Given): Form | undefined;
  /** The choices for an input, as a person types. */
  search(input: FormInput['name'], words: string, by: ChatUser): Promise<readonly Choice[]>;
  /** What sending the Task there would mean, in sentences; none where there is nothing to say. */
  preview(taskId: string, target: string, by: ChatUser): Promise<readonly string[]>;
  /** Somebody looks at their Home: it is drawn now, and kept true while they may be looking. */
  openHome(by: ChatUser): Promise<void>;
  /** The card for a link to a Task that somebody posted, as this surface may see it; undefined for any other link. */
  unfurl(link: string, surface: Surface): Promise<Card | undefined>;
}
