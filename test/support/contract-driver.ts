import type { Notification } from '../../sandbox/notifications.ts';
import type { Card, ChatPlatform, ChatUser, MessageRef, PostKey, Surface } from '../../src/index.ts';
import type { ScriptedDesk } from './contract-desk.ts';

/** Ids of people of the sandbox's clinic, the same on every platform. */
export const ANA = 'U0ANA';
export const BEN = 'U0BEN';

/** What a person fills in: `target` and `task` in words, of which the first offer is picked. */
export interface Filled {
  readonly target?: string;
  readonly task?: string;
  readonly reason?: string;
  readonly visibility?: string;
  readonly note?: string;
}

/** What can be pressed: the word of the verb or query, and the Task. */
export interface Pressable {
  readonly verb: string;
  readonly task: string;
}

/** What a person reads of a listing that was made for them alone. */
export interface Read {
  /** Everything that it says, without its buttons. */
  readonly text: string;
  readonly buttons: readonly Pressable[];
  /** The label of the button that turns it, where it has one. */
  readonly turn: string | undefined;
}

/** What a person sees of the dialog that was opened for them. */
export interface Asked {
  /** Everything that it says outside its inputs. */
  readonly text: string;
  /** The names of its inputs, in order. */
  readonly inputs: readonly string[];
  /** What stands in its inputs already, by their names. */
  readonly filled: Readonly<Record<string, string>>;
}

/** What goes wrong at the platform. */
export type Trouble =
  | 'asks for seven seconds'
  | 'asks for patience'
  | 'does not know it any more'
  | 'does not allow it'
  | 'fails'
  | 'hangs up before'
  | 'hangs up after';

/** Plays a platform: what its people do and see, and what it does wrong. */
export interface Driver {
  readonly platform: ChatPlatform;
  readonly desk: ScriptedDesk;
  /** A channel that cards are posted to. */
  readonly channel: Surface;
  userOf(person: string): ChatUser;
  /** Somebody who is only a guest there, after the adapter has heard of them. */
  guest(): Promise<ChatUser>;

  /** Presses a button or menu entry that the message shows; fills in what it asks for. */
  press(person: string, ref: MessageRef, verb: string, filled?: Filled): Promise<void>;
  /** Presses the button with this verb in the row of this Task. */
  pressRow(person: string, ref: MessageRef, verb: string, task: string): Promise<void>;
  /** Types a command in the channel: its word and the rest. */
  type(person: string, words: string): Promise<void>;
  /** Fills in the dialog that this person was given, and submits it. */
  fill(person: string, verb: string, filled: Filled): Promise<void>;
  /** What this person sees of the dialog that they were given for the verb; rejects while there is none. */
  asked(person: string, verb: string): Promise<Asked>;
  /** Chooses a target in that dialog, asks what it would mean where the platform wants that, and gives what is said. */
  preview(person: string, verb: string, target: string): Promise<string>;
  /** Writes down a message of the channel, or of a card, as a note: up to the dialog that asks for the rest. */
  noteFrom(person: string, message: { readonly text: string } | { readonly card: MessageRef }): Promise<void>;

  /** What can be pressed in the listing that this person was given. */
  listed(person: string): readonly Pressable[];
  /** What this person reads of the newest listing that they were given. */
  listing(person: string): Read;
  /** Presses the first button of that listing; with a verb, the first of that verb. */
  pressListed(person: string, verb?: string): Promise<void>;
  /** Turns that listing. */
  turn(person: string): Promise<void>;

  /** Looks at their Home: a tab, or what the platform has in its place. */
  openHome(person: string): Promise<void>;
  /** What their Home shows. */
  home(person: string): Read;
  /** Presses the first button of that verb on their Home. */
  pressHome(person: string, verb: string): Promise<void>;

  /** What only this person has read, oldest first. */
  told(person: string): readonly string[];
  /** What has made this person's phone light up so far, oldest first. */
  notified(person: string): readonly Notification['kind'][];
  /** What everybody in the channel reads, a text for each message. */
  standing(): readonly string[];
  /** What was written to this person's own chat. */
  inbox(person: string): readonly string[];
  /** What the platform shows of a message, without what must differ each time. */
  drawn(ref: MessageRef): unknown;
  /** The verbs that the message shows. */
  pressable(ref: MessageRef): readonly string[];
  /** Somebody deletes a message. */
  remove(ref: MessageRef): void;
  /** The next call goes wrong. */
  trouble(what: Trouble, on: 'post' | 'update'): void;
  /** Makes a post that the platform refuses as nonsense. */
  refusedPost(card: Card, key: PostKey): Promise<unknown>;

  /** What the platform would object to in this card. */
  objections(card: Card): readonly string[];
  /** Every text of a drawn card in which the platform looks for markup. */
  texts(card: Card): readonly string[];
  /** What would be markup there. */
  readonly markup: RegExp;
  close(): Promise<void>;
}
