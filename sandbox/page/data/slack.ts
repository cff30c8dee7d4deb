import type { Block, Option, OptionGroup, Text } from './blocks.ts';
import { getJson, postJson } from './http.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly practitioner: string | null;
  readonly pools: readonly string[];
  readonly featured: boolean;
  readonly obstacle?: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  /** Whose direct messages these are; absent for a channel. */
  readonly user?: string;
}

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text?: string;
  readonly user?: string;
  /** Of the app; a person has none. */
  readonly bot_id?: string;
  readonly blocks?: readonly Block[];
  /** What the app hung on somebody's message: what a link in it leads to. */
  readonly attachments?: readonly Attachment[];
  readonly metadata?: { readonly event_payload?: { readonly task?: string } };
  readonly edited?: { readonly ts: string };
}

export interface Attachment {
  readonly id?: number;
  readonly blocks?: readonly Block[];
  readonly text?: string;
}

export interface Ephemeral {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly text?: string;
  readonly blocks?: readonly Block[];
}

export interface View {
  readonly id: string;
  readonly hash?: string;
  readonly title: Text | null;
  readonly submit: Text | null;
  readonly close: Text | null;
  readonly blocks: readonly Block[];
  readonly errors?: Readonly<Record<string, string>>;
}

/** What the app has published for one person on its Home tab. */
export type Home = Pick<View, 'id' | 'hash' | 'blocks'>;

/** Where an element stands: in a message or in a view. */
export type Place = { readonly channel: string; readonly ts: string } | { readonly view_id: string };

/** How the app answered an interaction. `error` is what Slack would have said to the person. */
export interface Answer {
  readonly status: number;
  readonly error?: string;
}

export interface Suggestions {
  readonly options?: readonly Option[];
  readonly option_groups?: readonly OptionGroup[];
}

/** What a person gave to a modal's inputs: by block id, then by action id; null for nothing. */
export type Values = Readonly<Record<string, Readonly<Record<string, string | readonly string[] | null>>>>;

const control = '/slack/_control';
const query = (name: string, value: string) => `?${name}=${encodeURIComponent(value)}`;

export const loadPeople = (): Promise<Person[]> => getJson(`${control}/people`);
export const loadChannels = (): Promise<Channel[]> => getJson(`${control}/channels`);
export const loadMessages = (channel: string): Promise<SlackMessage[]> =>
  getJson(`${control}/messages${query('channel', channel)}`);
export const loadEphemerals = (user: string): Promise<Ephemeral[]> =>
  getJson(`${control}/ephemerals${query('user', user)}`);
export const loadViews = (user: string): Promise<View[]> => getJson(`${control}/views${query('user', user)}`);

export const loadHome = async (user: string): Promise<Home | undefined> =>
  (await getJson<Home[]>(`${control}/homes${query('user', user)}`)).at(-1);

/** Looks at the Home tab: the app is told, and publishes. */
export const openHome = (user: string): Promise<Answer> => postJson(`${control}/home`, { user });

/** @param values what stands in the other inputs of a modal by then. */
export const press = (
  user: string,
  place: Place,
  actionId: string,
  value?: string,
  values?: Values,
): Promise<Answer> => postJson(`${control}/press`, { user, ...place, action_id: actionId, value, values });

export const submitView = (user: string, viewId: string, values: Values): Promise<Answer> =>
  postJson(`${control}/submit`, { user, view_id: viewId, values });

export const closeView = (user: string, viewId: string): Promise<unknown> =>
  postJson(`${control}/close`, { user, view_id: viewId });

export const suggest = (
  user: string,
  viewId: string,
  actionId: string,
  text: string,
): Promise<Answer & { body?: Suggestions }> =>
  postJson(`${control}/suggest`, { user, view_id: viewId, action_id: actionId, text });

export const slash = (user: string, channel: string, command: string, text: string): Promise<Answer> =>
  postJson(`${control}/slash`, { user, channel, command, text });

/** Writes a message for everybody in the channel. */
export const say = (user: string, channel: string, text: string): Promise<unknown> =>
  postJson(`${control}/say`, { user, channel, text });

/** What went wrong between Slack and the app, in a sentence; undefined when nothing did. */
export function problemOf({ status, error }: Answer): string | undefined {
  if (error === 'operation_timeout') return 'Switchboard did not answer within 3 seconds. Try again.';
  if (error === 'dispatch_failed') return 'Switchboard did not take this. Is it running?';
  if (error !== undefined) return `Slack would not take Switchboard’s answer (${error}).`;
  return status >= 400 ? `Switchboard answered ${status}. Try again.` : undefined;
}

/** The id of the Task that a message is the card of. */
export const taskOf = (message: SlackMessage): string | undefined => message.metadata?.event_payload?.task;

/** Slack's ts is a count of seconds with a fraction, as text. */
export const dateOf = (ts: string): Date => new Date(Number.parseFloat(ts) * 1000);
