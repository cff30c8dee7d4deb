import type { ClinicPerson } from '../clinic.ts';
import type { Dict } from '../dict.ts';
import type { Hub } from '../events.ts';

export interface SlackWorkspaceOptions {
  readonly hub: Hub;
  readonly people: readonly ClinicPerson[];
  readonly channels: readonly { readonly id: string; readonly name: string }[];
  /** The Practitioner that a Slack user is known as; only shown to whoever lists the people. */
  readonly practitionerOf: (slackId: string) => string | undefined;
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** Where the application listens; its path is always `/slack/events`. */
  readonly appUrl?: string;
  /** The domains whose links the application unfurls; Medplum's, and the sandbox's own, unless told. */
  readonly unfurlDomains?: readonly string[];
  /** The base url of the sandbox itself, for response urls and Socket Mode. */
  readonly url: () => string;
  /** Milliseconds since 1970; the machine's clock unless told. */
  readonly now?: () => number;
  /**
   * What the clock of the workspace shows, which its messages are stamped with; `now` unless told. What Slack and the
   * application check of one another (signatures, triggers, response urls) goes by `now` alone.
   */
  readonly clock?: () => number;
  /** Whether Slack's limits hold for what is posted and redrawn; off unless told. */
  readonly rateLimits?: boolean;
}

/** Kinds of account that Slack marks on a user. */
export interface PersonFlags {
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  /** From another workspace, seen through a shared channel. */
  readonly is_stranger?: boolean;
  readonly deleted?: boolean;
}

export interface Person extends PersonFlags {
  readonly id: string;
  readonly name: string;
  readonly given: string;
  readonly family: string;
  readonly email: string | undefined;
  readonly pools: readonly string[];
  readonly featured: boolean;
  readonly obstacle?: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  /** The person at the other end of a direct message; absent in a channel. */
  readonly user?: string;
  readonly is_archived: boolean;
  /** Whether the app's bot is in it. */
  readonly is_member: boolean;
  readonly created: number;
}

export interface SlackMessage {
  readonly type: 'message';
  readonly channel: string;
  readonly ts: string;
  readonly team: string;
  readonly user: string;
  readonly bot_id?: string;
  readonly app_id?: string;
  readonly text: string;
  readonly blocks?: readonly Dict[];
  readonly metadata?: Dict;
  readonly thread_ts?: string;
  /** What the application unfurled of the links in it. */
  readonly attachments?: readonly Dict[];
  readonly edited?: { readonly user: string; readonly ts: string };
}

/** A message that only `user` sees. */
export interface SlackEphemeral {
  readonly channel: string;
  readonly user: string;
  readonly ts: string;
  readonly bot_id: string;
  readonly text: string;
  readonly blocks?: readonly Dict[];
  readonly thread_ts?: string;
}

export type StateValues = Readonly<Record<string, Readonly<Record<string, Dict>>>>;

export interface SlackView extends Dict {
  readonly id: string;
  readonly type: string;
  readonly blocks: Dict[];
  readonly private_metadata: string;
  readonly callback_id: string;
  readonly external_id: string;
  readonly state: { readonly values: StateValues };
  readonly hash: string;
  readonly clear_on_close: boolean;
  readonly notify_on_close: boolean;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
}

/** A view somebody has open, with what only their client knows. */
export interface OpenView {
  readonly user: string;
  readonly view: SlackView;
  /** What the application said is wrong, by block_id, after the last submission. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Options that the application suggested for this view, by action_id. */
  readonly suggestions: Map<string, Dict[]>;
}

/** One call of the Web API, as the control endpoint lists them. */
export interface ApiCall {
  readonly at: number;
  readonly method: string;
  /** 0 when the connection was dropped. */
  readonly status: number;
  readonly ok: boolean;
  readonly error?: string;
  readonly channel?: string;
  readonly user?: string;
  readonly ts?: string;
  readonly fault?: string;
}

/** What the application answered to a delivery. `error` is what Slack would have shown the person. */
export interface Reply {
  /** 0 when nothing came. */
  readonly status: number;
  readonly body: unknown;
  readonly error?: string;
}
