import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Card } from '../../cards/card.ts';
import type { Surface } from '../../cards/surfaces.ts';
import type { Listing } from '../../queries/query.ts';
import type { Desk } from './desk.ts';

/* What the core needs of a chat platform, in the core's words. */

/** A person as a platform names them. `tenant` is the Slack workspace, the Microsoft tenant, ... */
export interface ChatUser {
  readonly platform: string;
  readonly tenant: string;
  readonly id: string;
}

/** What a platform tells about a person; used to find their Practitioner, and to refuse outsiders. */
export interface ChatProfile {
  readonly email: string | undefined;
  /** A guest, a person of another organisation, a bot, or somebody whose account was closed. */
  readonly outsider: boolean;
}

/** What became of a card on a surface; opaque to the core, kept in the ledger. */
export type MessageRef = string;

/** Names one post for good: whoever finds a message with this key has found that post. Ids only, no patient data. */
export interface PostKey {
  /** The Task that the message is about, where it is about one. */
  readonly task?: string;
  /** The ledger's id of the card. */
  readonly card: string;
}

/** Speaking to a platform: with a new message, or with what one shall show from now on. */
export type Act = 'post' | 'update';

/** How often something may be done. Whatever has the same `key` counts together, on however many processes. */
export interface Allowance {
  /** A word of the platform's own: for a channel, a workspace, ... */
  readonly key: string;
  /** Each of them is kept. */
  readonly windows: readonly Window[];
}

/** Never more than `most` within any `perMs` milliseconds. */
export interface Window {
  readonly most: number;
  readonly perMs: number;
  /** How many may go at once after a rest; the fewer, the more go in the long run. Some of `most` where it is absent. */
  readonly burst?: number;
}

/** A chat platform, as the core sees it. */
export interface ChatPlatform {
  readonly name: string;
  /** Begins to serve people. Rejects where the platform refuses us (wrong token). */
  start(desk: Desk): Promise<void>;
  stop(): Promise<void>;
  /**
   * Asks, without being started or posting anything, whether we are let in; with a surface, whether cards could be
   * posted there. False where the platform does not tell. Rejects where it says no.
   */
  inspect?(surface?: Surface): Promise<boolean>;
  /** How often this may be done on the surface, the narrowest first; as often as one likes where it is absent or empty. */
  pace?(surface: Surface, act: Act): readonly Allowance[];
  /** Posts a new message. Errors: {@link ChatError}; `in-doubt` when nobody knows whether it stands. */
  post(surface: Surface, card: Card, key: PostKey): Promise<MessageRef>;
  /** Redraws a message; safe to repeat. `gone` when somebody deleted it. */
  update(ref: MessageRef, card: Card): Promise<void>;
  /** Looks for a post whose answer was lost. */
  find(surface: Surface, key: PostKey, since: Date): Promise<MessageRef | undefined>;
  profile(user: ChatUser): Promise<ChatProfile>;
  /** The surface of a person's direct messages, for somebody whose Practitioner carries this platform id. */
  direct(userId: string): Surface;
  /** Draws a person's Home, on a platform that has one. Safe to repeat. */
  publishHome?(user: ChatUser, home: Listing): Promise<void>;
  /** HTTP routes that the platform is called on; none where it connects by itself. */
  routes(): readonly Route[];
}

/** What went wrong at a platform, in the few kinds that the core treats differently. */
export type ChatErrorKind = 'rate-limited' | 'gone' | 'forbidden' | 'unreachable' | 'in-doubt' | 'invalid';

/** An error of a platform's SDK, mapped once in the adapter's `errors.ts`. */
export class ChatError extends Error {
  readonly kind: ChatErrorKind;
  /** How long to wait, where the platform said so. */
  readonly retryAfterMs: number | undefined;
  /** What is wrong with our own credentials, where that is the trouble: it is the same for every surface then. */
  readonly token: TokenTrouble | undefined;

  constructor(
    kind: ChatErrorKind,
    doing: string,
    more: { cause?: unknown; retryAfterMs?: number; token?: TokenTrouble } = {},
  ) {
    super(`${kind} while ${doing}`, { cause: more.cause });
    this.name = 'ChatError';
    this.kind = kind;
    this.retryAfterMs = more.retryAfterMs;
    this.token = more.token;
  }
}

/** `invalid`: nobody knows it. `rejected`: it was given to us, and is not taken where it is used. */
export type TokenTrouble = 'expired' | 'revoked' | 'invalid' | 'rejected';

/** A platform did not let us begin: the sentence says what to look at, the kind and the token whether waiting may help. */
export class NotLetIn extends ChatError {
  constructor(sentence: string, trouble: ChatError) {
    const { kind, token } = trouble;
    super(kind, 'introducing ourselves', { cause: trouble.cause, ...(token && { token }) });
    this.name = 'NotLetIn';
    this.message = sentence;
  }
}

/** One HTTP route of the service. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}

/** What an adapter must remember across restarts: addresses and ids, as text. Kept in the ledger, apart for each platform. */
export interface Memory {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  /**
   * True for the first who asks this of a key, whichever process that is; false for everybody after, for `forMs`
   * milliseconds.
   */
  once(key: string, forMs: number): Promise<boolean>;
}
