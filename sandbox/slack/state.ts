import { randomBytes } from 'node:crypto';
import type { ClinicPerson } from '../clinic.ts';
import { WORKSPACE } from '../clinic.ts';
import type { Dict } from '../dict.ts';
import type { SandboxEvent } from '../events.ts';
import type {
  ApiCall,
  Channel,
  OpenView,
  Person,
  PersonFlags,
  SlackEphemeral,
  SlackMessage,
  SlackWorkspaceOptions,
} from './types.ts';

export const APP = {
  id: 'A0SWITCHBOARD',
  bot: 'B0SWITCHBOARD',
  user: 'U0SWITCHBOARD',
  name: 'switchboard',
} as const;

/** The legacy verification token; applications are told to trust the signature instead. */
export const VERIFICATION_TOKEN = 'sandbox-verification-token';

/** A trigger opens one view, within three seconds. */
export interface Trigger {
  readonly user: string;
  readonly issued: number;
  /** The view that the interaction came from; a view can be pushed only onto that one. */
  readonly view?: string;
  used: boolean;
}

/** Where a response url leads, and how often it may still be used. */
export interface ResponseUrl {
  readonly channel: string;
  readonly user: string;
  readonly issued: number;
  readonly source?: { readonly kind: 'message' | 'ephemeral'; readonly ts: string };
  used: number;
}

/** What an id of `link_shared` stands for: a message, or the addresses in one that is still being written. */
export type Unfurl =
  | { readonly channel: string; readonly ts: string }
  | { readonly draft: readonly string[] };

export interface State {
  readonly people: Map<string, Person>;
  readonly channels: Map<string, Channel>;
  /** By channel, then by ts; a Map keeps them oldest first. */
  readonly messages: Map<string, Map<string, SlackMessage>>;
  /** Every message of anybody as it was when it was posted, oldest first; no update or deletion changes these. */
  readonly posted: SlackMessage[];
  readonly ephemerals: Map<string, SlackEphemeral>;
  readonly views: Map<string, OpenView>;
  readonly homes: Map<string, OpenView>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  /** By the `unfurl_id` of the event. */
  readonly unfurls: Map<string, Unfurl>;
  /** What the application made of the links in a draft, by the `unfurl_id`. */
  readonly previews: Map<string, readonly Dict[]>;
  readonly unfurlDomains: () => readonly string[];
  readonly calls: ApiCall[];
  readonly practitionerOf: (slackId: string) => string | undefined;
  readonly url: () => string;
  readonly now: () => number;
  /** Slack's message timestamps, by the clock of the workspace: seconds, a dot, six digits; never the same twice. */
  readonly nextTs: () => string;
  readonly emit: (event: Omit<Extract<SandboxEvent, { kind: 'slack' }>, 'kind'>) => void;
}

export function createState(options: SlackWorkspaceOptions): State {
  const { now = Date.now, clock = now } = options;
  let last = 0;
  return {
    people: new Map(options.people.map((one) => [one.slackId, personOf(one)])),
    channels: new Map(options.channels.map(({ id, name }) => [id, channelOf(id, name, now())])),
    messages: new Map(),
    posted: [],
    ephemerals: new Map(),
    views: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    unfurls: new Map(),
    previews: new Map(),
    unfurlDomains: () => options.unfurlDomains ?? ['app.medplum.com', new URL(options.url()).hostname],
    calls: [],
    practitionerOf: options.practitionerOf,
    url: options.url,
    now,
    nextTs: () => {
      last = Math.max(last + 1, clock() * 1000);
      return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
    },
    emit: (event) => options.hub.emit({ kind: 'slack', ...event }),
  };
}

export const newId = (prefix: string): string => `${prefix}0${randomBytes(5).toString('hex').toUpperCase()}`;

export const team = { id: WORKSPACE.id, domain: WORKSPACE.domain } as const;

export const teamUrl = `https://${WORKSPACE.domain}.slack.com/`;

export const realName = (person: Person): string => `${person.given} ${person.family}`.trim();

/** A direct message channel has the id of its person with a D in front, so that it is easy to find in a log. */
export const directId = (user: string): string => `D${user.slice(1)}`;

export function directChannel(state: State, user: string): Channel {
  const id = directId(user);
  const known = state.channels.get(id);
  if (known) return known;
  const channel: Channel = { ...channelOf(id, id, state.now()), user };
  state.channels.set(id, channel);
  return channel;
}

export function channelOf(id: string, name: string, now: number): Channel {
  return { id, name, is_archived: false, is_member: true, created: Math.floor(now / 1000) };
}

/** Everybody of the workspace is in every channel; a direct message has its one person. */
export function membersOf(state: State, channel: Channel): string[] {
  if (channel.user) return [channel.user, APP.user];
  const people = [...state.people.values()].filter((person) => !person.deleted).map((person) => person.id);
  return channel.is_member ? [...people, APP.user] : people;
}

export function newTrigger(state: State, user: string, view?: string): string {
  const issued = state.now();
  for (const [id, old] of state.triggers) {
    if (issued - old.issued < 60_000) break;
    state.triggers.delete(id);
  }
  const id = `${issued}.${randomBytes(4).readUInt32BE()}.${randomBytes(16).toString('hex')}`;
  state.triggers.set(id, { user, issued, used: false, ...(view === undefined ? {} : { view }) });
  return id;
}

export function newResponseUrl(state: State, target: Omit<ResponseUrl, 'issued' | 'used'>): string {
  const id = randomBytes(12).toString('hex');
  state.responseUrls.set(id, { ...target, issued: state.now(), used: 0 });
  return `${state.url()}/slack/response/${id}`;
}

/** Remembers what an id of `link_shared` stands for, and gives the id. */
export function newUnfurl(state: State, id: string, unfurl: Unfurl): string {
  state.unfurls.set(id, unfurl);
  return id;
}

export interface NewPerson extends PersonFlags {
  readonly name: string;
  readonly id?: string;
  readonly email?: string;
  readonly pools?: readonly string[];
}

export function addPerson(state: State, wanted: NewPerson): Person {
  const { name, id = newId('U'), email, pools = [], ...flags } = wanted;
  const [given = name, ...rest] = name.trim().split(/\s+/);
  const handle = email?.split('@')[0] ?? name.trim().toLowerCase().replaceAll(/\s+/g, '.');
  const person: Person = {
    id,
    name: handle,
    given,
    family: rest.join(' '),
    email,
    pools,
    featured: false,
    ...flags,
  };
  state.people.set(id, person);
  return person;
}

function personOf(one: ClinicPerson): Person {
  const { slackId, given, family, email, pools, featured, obstacle } = one;
  const name = email.split('@')[0] ?? slackId;
  return { id: slackId, name, given, family, email, pools, featured, ...(obstacle ? { obstacle } : {}) };
}
