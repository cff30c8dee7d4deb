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

  constructor(kind: ChatErrorKind, doing: string, more: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(`${kind} while ${doing}`, { cause: more.cause });
    this.name = 'ChatError';
    this.kind = kind;
    this.retryAfterMs = more.retryAfterMs;
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
