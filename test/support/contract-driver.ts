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
  readonly note?: string;
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
  /** Types a command in the channel: its word and the rest. */
  type(person: string, words: string): Promise<void>;
  /** Fills in the dialog that this person was given, and submits it. */
  fill(person: string, verb: string, filled: Filled): Promise<void>;
  /** What can be pressed in the listing that this person was given. */
  listed(person: string): readonly { readonly verb: string; readonly task: string }[];
  /** Presses the first button of that listing. */
  pressListed(person: string): Promise<void>;

  /** What only this person has read, oldest first. */
  told(person: string): readonly string[];
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
