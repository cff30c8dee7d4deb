import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dict } from '../dict.ts';
import type { DialogReply, DialogSubmission } from './dialogs.ts';
import type { FaultRequest, Weather } from './faults.ts';
import type { Installation, InstallationAnswer } from './install.ts';
import type { MessageActionChoice } from './message-action.ts';
import type { Press, PressAnswer } from './press.ts';
import type { SayAnswer, Saying } from './say.ts';
import type { Search, SearchAnswer } from './search.ts';
import type { Dialog } from './state.ts';
import type { TokenVariation } from './tokens.ts';
import type { ConnectorCall, Reply, TeamsMessage } from './types.ts';

/** A person as the control endpoint lists them. */
export interface ListedPerson {
  readonly id: string;
  readonly name: string;
  readonly teamsId: string;
  readonly aadObjectId: string;
  readonly email: string;
  readonly userPrincipalName: string;
  readonly tenantId: string;
  readonly userRole: 'user' | 'guest';
  /** The conversation of the person with the bot. */
  readonly personal: string;
  readonly practitioner: string | null;
  readonly pools: readonly string[];
  readonly featured: boolean;
  readonly obstacle?: string;
}

export interface ListedChannel {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  /** Whether the app is installed in the team. */
  readonly installed: boolean;
}

/** Where a message is. */
export interface MessageRef {
  readonly conversation: string;
  readonly activityId: string;
}

/**
 * A Teams tenant on loopback. The methods of people reject with a ControlError when a person could not do
 * that: no such button, a required input left empty.
 */
export interface TeamsTenant {
  /** Answers a request under `/teams/`; gives `false`, untouched, for any other path. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Where the application listens from now on. */
  setApp(url: string | undefined): void;
  /** Whether Teams' limits per conversation hold from now on. */
  setRateLimits(on: boolean): void;
  close(): Promise<void>;

  press(how: Press): Promise<PressAnswer>;
  /** What the client of somebody whom the card's `refresh` lists does by itself. */
  refresh(how: MessageRef & { readonly user: string }): Promise<PressAnswer>;
  submit(how: DialogSubmission): Promise<DialogReply>;
  /** Closes the dialog that somebody has open; the application hears nothing of it. */
  closeDialog(user: string): void;
  /** Chooses an entry of the app in the menu of a message. */
  messageAction(how: MessageActionChoice): Promise<DialogReply>;
  say(how: Saying): Promise<SayAnswer>;
  search(how: Search): Promise<SearchAnswer>;
  install(where?: Installation): Promise<InstallationAnswer>;
  uninstall(where?: Installation): Promise<InstallationAnswer>;
  redeliver(): Promise<Reply>;
  deleteMessage(ref: MessageRef): void;

  /** A message as `say` would send it in a personal chat, to be changed and sent by `deliver`. */
  draft(user: string, text: string): Dict;
  /** A token for the Authorization header; `claims` go over those of the variation. */
  mint(variation?: TokenVariation, claims?: Dict): string;
  /** Sends any activity, with a valid token unless the whole Authorization header is given; `null` for none. */
  deliver(activity: Dict, authorization?: string | null): Promise<Reply>;

  channels(): ListedChannel[];
  /** What the app puts into the menu of every message. */
  messageActions(): readonly { readonly id: string; readonly title: string }[];
  people(): ListedPerson[];
  /** Everybody's messages, with the cards that `user` sees when one is named; oldest first. */
  messages(conversation?: string, user?: string): TeamsMessage[];
  /** Every message as it was when it was posted, oldest first; a line that became a card, with that card. */
  posted(): TeamsMessage[];
  /** The clinic's ids of the people in a conversation. */
  members(conversation: string): string[];
  targeted(user?: string): TeamsMessage[];
  dialogs(user?: string): Dialog[];
  calls(): ConnectorCall[];
  clearCalls(): void;

  addFault(fault: FaultRequest): void;
  /** What goes wrong by chance from now on; nothing where absent. */
  setWeather(weather: Weather | undefined): void;
}
