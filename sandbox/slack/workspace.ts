import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dict } from '../dict.ts';
import type { Tab } from './event-payloads.ts';
import type { FaultRequest, Weather } from './faults.ts';
import type { Press, PressAnswer } from './press.ts';
import type { Saying } from './say.ts';
import type { Shortcut, ShortcutAnswer } from './shortcut.ts';
import type { SlashAnswer, SlashCommand } from './slash.ts';
import type { NewPerson } from './state.ts';
import type { Submission, SubmitAnswer } from './submit.ts';
import type { SuggestAnswer, Suggestion } from './suggest.ts';
import type { ApiCall, Channel, Reply, SlackEphemeral, SlackMessage, SlackView } from './types.ts';

/** A person as the control endpoint lists them. */
export interface ListedPerson {
  readonly id: string;
  readonly name: string;
  readonly practitioner: string | null;
  readonly pools: readonly string[];
  readonly email: string | null;
  readonly featured: boolean;
  readonly obstacle?: string;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly deleted?: boolean;
}

/** An open view as the control endpoint lists it: Slack's view, whose it is, and what was said to be wrong. */
export type ListedView = SlackView & {
  readonly user: string;
  readonly errors?: Readonly<Record<string, string>>;
};

/** A channel as it should become: a new one, or one that is archived, or one that the bot was taken out of. */
export interface ChannelChange {
  readonly id: string;
  readonly name?: string;
  readonly is_archived?: boolean;
  readonly is_member?: boolean;
}

/**
 * A Slack workspace on loopback. The methods of people reject with a ControlError when a person could not do
 * that: no such button, a required field left empty.
 */
export interface SlackWorkspace {
  /** Answers a request under `/slack/`; gives `false`, untouched, for any other path. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Takes a Socket Mode connection; gives `false`, untouched, for any other path. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Where the application listens from now on. */
  setApp(url: string | undefined): void;
  /** Asks the Socket Mode connections to come back anew. */
  refreshSockets(): void;
  close(): Promise<void>;

  press(how: Press): Promise<PressAnswer>;
  submit(how: Submission): Promise<SubmitAnswer>;
  /** Closes a view as a person would; `closed` are the ids of the views that are gone. */
  closeView(how: {
    readonly user: string;
    readonly view_id: string;
  }): Promise<Reply & { readonly closed: string[] }>;
  suggest(how: Suggestion): Promise<SuggestAnswer>;
  slash(how: SlashCommand): Promise<SlashAnswer>;
  /** Uses a shortcut of the application's in the menu of a message. */
  shortcut(how: Shortcut): Promise<ShortcutAnswer>;
  /** Writes a message as a person; the application is told of links to its domains. */
  say(how: Saying): SlackMessage;
  /** Types a link without sending it; `previews` gives what the application makes of it. */
  compose(how: {
    readonly user: string;
    readonly text: string;
  }): Promise<Reply & { readonly unfurl_id: string }>;
  /** What the application made of the links in a draft. */
  previews(unfurlId: string): readonly Dict[];
  /** Opens the application's home tab, or the messages beside it. */
  openHome(user: string, tab?: Tab): Promise<Reply>;
  redeliver(): Promise<Reply>;
  deleteMessage(channel: string, ts: string): void;

  channels(): Channel[];
  people(): ListedPerson[];
  messages(channel?: string): SlackMessage[];
  /** Every message as it was when it was posted, oldest first, also those that are gone. */
  posted(): readonly SlackMessage[];
  /** The ids of the people in a channel, or of the one in direct messages; the bot is not among them. */
  members(channel: string): string[];
  ephemerals(user?: string): SlackEphemeral[];
  views(user?: string): ListedView[];
  homes(user?: string): ListedView[];
  calls(): ApiCall[];
  clearCalls(): void;

  addPerson(person: NewPerson): ListedPerson;
  setChannel(change: ChannelChange): Channel;
  addFault(fault: FaultRequest): void;
  /** What goes wrong by chance from now on; nothing where absent. */
  setWeather(weather: Weather | undefined): void;
  /** Whether Slack's limits hold for what is posted and redrawn. */
  setRateLimits(on: boolean): void;
}
