import type { Dict } from '../dict.ts';
import { stableId } from '../fhir/stable-id.ts';
import type { TeamsEvent } from './events.ts';
import { type Keys, processKeys } from './keys.ts';
import { peopleOf, personalId } from './people.ts';
import { createRates, type Rates } from './rates.ts';
import { type AppIdentity, addressesOf, SANDBOX_APP } from './settings.ts';
import type { ConnectorCall, Conversation, TeamsMessage, TeamsPerson, TeamsTenantOptions } from './types.ts';

/** The one team of the tenant. Its id is that of its General channel, as everywhere in Teams. */
export const TEAM = {
  id: '19:general@thread.tacv2',
  name: 'Riverside Clinic',
  aadGroupId: stableId('Team', 'Riverside Clinic'),
} as const;

export const BOT_NAME = 'Switchboard';

/** A message with what only the service and the clients know of it. */
export interface StoredMessage {
  readonly message: TeamsMessage;
  /** Cards that were in it before, newest last: a client that has not heard of the change still shows one. */
  readonly past: Dict[];
  /** Cards that one person was given in place of the one in the message. */
  readonly views: Map<string, Dict>;
  readonly deleted: boolean;
}

/** A dialog (task module) that somebody has open. */
export interface Dialog {
  readonly user: string;
  readonly conversation: string;
  readonly title: string;
  readonly card: Dict;
  /** The message action that opened it; its submission goes back as that action's. */
  readonly action?: ChosenAction;
}

/** A message action that somebody chose, and the message that they chose it for. */
export interface ChosenAction {
  readonly command: string;
  readonly messagePayload: Dict;
}

export interface State extends AppIdentity {
  readonly botId: string;
  readonly keys: Keys;
  readonly people: Map<string, TeamsPerson>;
  readonly conversations: Map<string, Conversation>;
  /** By conversation, then by activity id; a Map keeps them oldest first. */
  readonly messages: Map<string, Map<string, StoredMessage>>;
  /**
   * Every message as it was when it was posted, by its activity id, oldest first; one that only announced a card, with
   * the card that it became first. No later update or deletion changes these.
   */
  readonly posted: Map<string, TeamsMessage>;
  readonly dialogs: Map<string, Dialog>;
  /** Conversations that the bot was taken out of. The team's id stands for all of its channels. */
  readonly left: Set<string>;
  /** The choices that the application offered, by person and dataset; only these can be picked. */
  readonly offered: Map<string, Set<string>>;
  /** Tokens that the connector takes, and until when, in milliseconds since 1970. */
  readonly tokens: Map<string, number>;
  readonly calls: ConnectorCall[];
  readonly rates: Rates;
  readonly practitionerOf: (slackId: string) => string | undefined;
  readonly url: () => string;
  readonly serviceUrl: () => string;
  readonly now: () => number;
  /** The clock of the tenant, which everything that people see is stamped with. */
  readonly clock: () => number;
  readonly isoNow: () => string;
  /** Teams' activity ids in channels and chats: milliseconds since 1970, never the same twice. */
  readonly nextId: () => string;
  readonly emit: (event: Omit<TeamsEvent, 'kind'>) => void;
}

export function createState(options: TeamsTenantOptions): State {
  const { hub, people, channels, practitionerOf, url, rateLimits = false } = options;
  const { now = Date.now, clock = now } = options;
  const app: AppIdentity = {
    appId: options.appId ?? SANDBOX_APP.appId,
    appPassword: options.appPassword ?? SANDBOX_APP.appPassword,
    tenantId: options.tenantId ?? SANDBOX_APP.tenantId,
    issuer: options.issuer ?? SANDBOX_APP.issuer,
  };
  const general: Conversation = { kind: 'channel', id: TEAM.id, name: 'General' };
  const ours = channels.map(
    (one): Conversation => ({ kind: 'channel', id: teamsChannelId(one), name: one.name }),
  );
  let last = 0;
  return {
    ...app,
    botId: `28:${app.appId}`,
    keys: processKeys(),
    people: new Map(peopleOf(people, app.tenantId).map((person) => [person.id, person])),
    conversations: new Map([general, ...ours].map((one) => [one.id, one])),
    messages: new Map(),
    posted: new Map(),
    dialogs: new Map(),
    left: new Set(),
    offered: new Map(),
    tokens: new Map(),
    calls: [],
    rates: createRates(rateLimits, now),
    practitionerOf,
    url,
    serviceUrl: () => addressesOf(url()).serviceUrl,
    now,
    clock,
    isoNow: () => new Date(clock()).toISOString(),
    nextId: () => {
      last = Math.max(last + 1, clock());
      return String(last);
    },
    emit: (event) => hub.emit({ kind: 'teams', ...event }),
  };
}

/** The conversation id of a channel of the clinic. */
export function teamsChannelId({ id, name }: { readonly id: string; readonly name: string }): string {
  if (id.startsWith('19:')) return id;
  return `19:${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}@thread.tacv2`;
}

/** A conversation and the thread in it that an id names: `19:nurses@thread.tacv2;messageid=1718000000000`. */
export function splitId(id: string): { readonly base: string; readonly root?: string } {
  const [base = '', root] = id.split(';messageid=');
  return root === undefined ? { base } : { base, root };
}

export function personalChat(state: State, person: TeamsPerson): Conversation {
  const id = personalId(person);
  const known = state.conversations.get(id);
  if (known) return known;
  const chat: Conversation = { kind: 'personal', id, user: person.id };
  state.conversations.set(id, chat);
  return chat;
}

/** Everybody of the tenant is in the team; a personal chat has its one person. */
export function membersOf(state: State, conversation: Conversation): TeamsPerson[] {
  const everybody = [...state.people.values()];
  if (conversation.kind === 'personal') return everybody.filter(({ id }) => id === conversation.user);
  return everybody.filter(({ tenantId }) => tenantId === state.tenantId);
}

/** A person by any of their names: the clinic's id, the Teams id, the object id, the user principal name. */
export function personBy(state: State, key: string): TeamsPerson | undefined {
  return (
    state.people.get(key) ??
    [...state.people.values()].find(({ teamsId, aadObjectId, userPrincipalName }) =>
      [teamsId, aadObjectId, userPrincipalName].includes(key),
    )
  );
}

/** What `left` knows a conversation by. */
export const installationOf = (conversation: Conversation): string =>
  conversation.kind === 'channel' ? TEAM.id : conversation.id;
