import type { Priority } from '../routing/priority.ts';

/**
 * A message described without any platform's words. Adapters draw it; nothing in it is markup, so an adapter must
 * escape every string.
 */
export interface Card {
  readonly title: string;
  /** Label and value, drawn side by side where the platform can. */
  readonly facts: readonly Fact[];
  /** Paragraphs below the facts: who has it, where it went, why. */
  readonly lines: readonly Line[];
  /** Tasks in rows, each with what can be done with it: a digest's. Drawn below the lines. */
  readonly rows?: readonly Row[];
  /** Who of the channel is called when the card is posted; never when it is redrawn. */
  readonly mention?: Mention;
  /** Small print at the end: the short reference, the link to the record. */
  readonly footer: Line;
  readonly buttons: readonly Button[];
  /** What does not deserve a button of its own. */
  readonly menu: readonly Button[];
  /** The text of the notification, read on lock screens. */
  readonly notification: string;
}

/** A line, and what can be done with the Task that it is about. */
export interface Row {
  readonly line: Line;
  readonly buttons: readonly Button[];
}

/** `channel`: everybody in it. `here`: those of them who are present, where the platform tells them apart. */
export type Mention = 'channel' | 'here';

export interface Fact {
  readonly label: string;
  readonly value: Line;
}

/** A run of text. An `instant` is drawn in the reader's own time zone, where the platform can. */
export type Inline =
  | string
  | { readonly bold: string }
  | { readonly code: string }
  /** What is done with: struck out. */
  | { readonly strike: string }
  | { readonly instant: string; readonly as: 'ago' | 'time' }
  | { readonly link: string; readonly text: string };

export type Line = readonly Inline[];

/** A verb or a query, offered on a Task. */
export interface Button {
  /** The name of the verb or of the query. */
  readonly verb: string;
  readonly label: string;
  readonly taskId: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: string;
  /** It opens a dialog first, because the verb needs to be told something. */
  readonly asks: boolean;
}

/** How loud a card of this priority is: a word for the title, nothing for routine. */
export const PRIORITY_MARK: Record<Priority, string> = {
  routine: '',
  urgent: '🟠 ',
  asap: '🔶 ',
  stat: '🔴 ',
};

/** The text without its emphasis, for notifications and for platforms that have none. */
export function plainText(line: Line): string {
  return line
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('bold' in part) return part.bold;
      if ('code' in part) return part.code;
      if ('strike' in part) return part.strike;
      if ('instant' in part) return part.instant;
      return part.text;
    })
    .join('');
}
