import { getJson, postJson } from './http.ts';

/** Parsed JSON whose shape is the sender's business. */
export type Dict = Readonly<Record<string, unknown>>;

/** A channel of the team, or the acting person's own chat with the app. */
export interface TeamsPlace {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'personal';
}

export interface TeamsMessage {
  readonly conversation: string;
  readonly activityId: string;
  /** The first message of its thread; its own id when it is that one. */
  readonly root: string;
  /** `user` is there when a person wrote it. */
  readonly from: { readonly id: string; readonly name: string; readonly user?: string };
  readonly to?: string;
  readonly at: string;
  readonly edited?: string;
  readonly text: string;
  readonly textFormat?: string;
  readonly summary?: string;
  readonly attachments: readonly { readonly contentType?: unknown; readonly content?: unknown }[];
}

/** What the presser is shown: by the client, or in a dialog, which this page does not draw. */
export type Shown =
  | { readonly kind: 'card' | 'closed' | 'open' }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'error'; readonly message: string };

/** How the app answered. `error` is what Teams would have said to the person. */
export interface TeamsAnswer {
  readonly status: number;
  readonly error?: string;
  readonly shown?: Shown;
}

export interface TeamsPress {
  readonly user: string;
  readonly conversation: string;
  readonly activityId: string;
  readonly verb: string;
  readonly data: Dict;
  /** `data` is all that is sent, and not only what was filled in. */
  readonly stale?: true;
}

export interface Choice {
  readonly title: string;
  readonly value: string;
}

export interface TypeAhead {
  readonly user: string;
  readonly conversation: string;
  readonly activityId: string;
  readonly dataset: string;
  readonly text: string;
}

const control = '/teams/_control';
const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

/** The channels, and last the person's own chat with the app. */
export async function loadTeamsPlaces(user: string): Promise<TeamsPlace[]> {
  const [channels, people] = await Promise.all([
    getJson<{ id: string; name: string }[]>(`${control}/channels`),
    getJson<{ id: string; personal: string }[]>(`${control}/people`),
  ]);
  const own = people.find((person) => person.id === user);
  return [
    ...channels.map(({ id, name }): TeamsPlace => ({ id, name, kind: 'channel' })),
    ...(own === undefined ? [] : [{ id: own.personal, name: 'Switchboard', kind: 'personal' } as const]),
  ];
}

/** Everybody's messages in a conversation, with the cards that this person sees. */
export const loadTeamsMessages = (conversation: string, user: string): Promise<TeamsMessage[]> =>
  getJson(`${control}/messages?${new URLSearchParams({ conversation, user })}`);

/** What only this person sees, in all channels. */
export const loadTargeted = (user: string): Promise<TeamsMessage[]> =>
  getJson(`${control}/targeted?${new URLSearchParams({ user })}`);

export const pressCard = (press: TeamsPress): Promise<TeamsAnswer> => postJson(`${control}/press`, press);

export const say = (user: string, conversation: string, text: string): Promise<TeamsAnswer> =>
  postJson(`${control}/say`, { user, conversation, text });

/** Types in an input that the app fills; what it offers may be picked from then on. */
export const search = (typed: TypeAhead): Promise<{ error?: string; results: Choice[] }> =>
  postJson(`${control}/search`, typed);

export function cardOf({ attachments }: Pick<TeamsMessage, 'attachments'>): Dict | undefined {
  const content = attachments.find(({ contentType }) => contentType === CARD_TYPE)?.content;
  return isDict(content) ? content : undefined;
}

export const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
