import type { ClinicPerson } from '../clinic.ts';
import type { Dict } from '../dict.ts';
import type { TeamsEvent } from './events.ts';

export interface TeamsTenantOptions {
  readonly hub: { emit(event: TeamsEvent): void };
  readonly people: readonly ClinicPerson[];
  /** One channel of the team each. An id that starts with `19:` stays; otherwise the name makes the id. */
  readonly channels: readonly { readonly id: string; readonly name: string }[];
  /** The Practitioner that a person is known as; only shown to whoever lists the people. */
  readonly practitionerOf: (slackId: string) => string | undefined;
  readonly appId?: string;
  readonly appPassword?: string;
  readonly tenantId?: string;
  /** The `iss` of the tokens that deliveries carry. */
  readonly issuer?: string;
  /** Where the application listens; its path is always `/teams/messages`. */
  readonly appUrl?: string;
  /** The base url of the sandbox itself, without a trailing slash. */
  readonly url: () => string;
  /** Milliseconds since 1970; the machine's clock unless told. */
  readonly now?: () => number;
  /**
   * What the clock of the tenant shows, which its activities are stamped with; `now` unless told. Tokens and limits go by
   * `now` alone.
   */
  readonly clock?: () => number;
  /** Whether Teams' limits per conversation hold; off unless told. */
  readonly rateLimits?: boolean;
}

export interface TeamsPerson {
  /** The id of the clinic's person, which the control calls use. */
  readonly id: string;
  readonly teamsId: string;
  readonly aadObjectId: string;
  readonly given: string;
  readonly family: string;
  readonly email: string;
  readonly userPrincipalName: string;
  readonly tenantId: string;
  readonly userRole: 'user' | 'guest';
  readonly pools: readonly string[];
  readonly featured: boolean;
  readonly obstacle?: string;
}

/** A channel of the team, or the chat of one person with the bot. */
export type Conversation =
  | { readonly kind: 'channel'; readonly id: string; readonly name: string }
  | { readonly kind: 'personal'; readonly id: string; readonly user: string };

/** A message as the control endpoints list it. */
export interface TeamsMessage {
  /** Without `;messageid=`. */
  readonly conversation: string;
  readonly activityId: string;
  /** The first message of its thread; its own id when it is that one. */
  readonly root: string;
  readonly from: { readonly id: string; readonly name: string; readonly user?: string };
  /** The only person who sees it; absent for a message to everybody. */
  readonly to?: string;
  readonly at: string;
  readonly edited?: string;
  readonly text: string;
  readonly textFormat?: string;
  readonly summary?: string;
  readonly attachments: readonly Dict[];
  readonly entities?: readonly Dict[];
}

/** One call of the connector or of the token endpoint, as the control endpoint lists them. */
export interface ConnectorCall {
  readonly at: number;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** 0 when the connection was dropped. */
  readonly status: number;
  readonly error?: string;
  readonly conversation?: string;
  readonly activityId?: string;
  readonly fault?: string;
}

/** What the application answered to a delivery. `error` is what the person would have been shown instead. */
export interface Reply {
  /** 0 when nothing came. */
  readonly status: number;
  readonly body: unknown;
  readonly error?: string;
}
