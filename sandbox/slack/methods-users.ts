/** users.*, bots.info, auth.test and apps.connections.open of the Web API. */
import { randomBytes } from 'node:crypto';
import { WORKSPACE } from '../clinic.ts';
import type { Dict } from '../dict.ts';
import { SlackError } from './errors.ts';
import type { Methods } from './methods.ts';
import { page } from './methods-conversations.ts';
import { APP, realName, type State, team, teamUrl } from './state.ts';
import type { Person } from './types.ts';

export const userMethods: Methods = {
  'auth.test': () => ({
    url: teamUrl,
    team: WORKSPACE.name,
    user: APP.name,
    team_id: team.id,
    user_id: APP.user,
    bot_id: APP.bot,
    is_enterprise_install: false,
  }),

  'bots.info': (args) => {
    if ((args.text('bot') ?? APP.bot) !== APP.bot) throw new SlackError('bot_not_found');
    return { bot: { id: APP.bot, deleted: false, name: APP.name, app_id: APP.id, user_id: APP.user } };
  },

  'users.info': (args, state) => {
    const id = args.need('user');
    if (id === APP.user) return { user: botUser() };
    const person = state.people.get(id);
    if (!person) throw new SlackError('user_not_found');
    return { user: describeUser(person, state) };
  },

  'users.lookupByEmail': (args, state) => {
    const email = args.need('email').toLowerCase();
    const person = [...state.people.values()].find(
      (one) => !one.deleted && !one.is_stranger && one.email?.toLowerCase() === email,
    );
    if (!person) throw new SlackError('users_not_found');
    return { user: describeUser(person, state) };
  },

  'users.list': (args, state) => {
    const users = [...[...state.people.values()].map((one) => describeUser(one, state)), botUser()];
    return { ...page(args, users, { members: (one) => one }), cache_ts: Math.floor(state.now() / 1000) };
  },
};

/** One-time addresses for Socket Mode; kept for as long as Slack keeps them. */
export function connectionMethods(tickets: Map<string, number>): Methods {
  return {
    'apps.connections.open': (_args, state) => {
      const ticket = randomBytes(12).toString('hex');
      tickets.set(ticket, state.now());
      const url = state.url().replace(/^http/, 'ws');
      return { url: `${url}/slack/socket?ticket=${ticket}&app_id=${APP.id}` };
    },
  };
}

const ELSEWHERE = 'T0ELSEWHERE';

/** The workspace a person belongs to: strangers come from another one. */
export const teamOf = (person: Person): string => (person.is_stranger ? ELSEWHERE : team.id);

function describeUser(person: Person, state: State): Dict {
  const { id, name, given, family, email } = person;
  const team_id = teamOf(person);
  const real_name = realName(person);
  const profile: Dict = {
    real_name,
    real_name_normalized: real_name,
    display_name: real_name,
    display_name_normalized: real_name,
    first_name: given,
    last_name: family,
    team: team_id,
    // Slack shows nobody the address of a person from another workspace.
    ...(email && !person.is_stranger ? { email } : {}),
  };
  const common = {
    id,
    team_id,
    name,
    real_name,
    profile,
    is_bot: false,
    is_app_user: false,
    updated: Math.floor(state.now() / 1000),
  };
  if (person.deleted) return { ...common, deleted: true };
  return {
    ...common,
    deleted: false,
    tz: 'America/New_York',
    tz_label: 'Eastern Standard Time',
    tz_offset: -18_000,
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: person.is_restricted ?? false,
    is_ultra_restricted: person.is_ultra_restricted ?? false,
    ...(person.is_stranger ? { is_stranger: true } : {}),
  };
}

function botUser(): Dict {
  const profile = {
    real_name: APP.name,
    display_name: '',
    bot_id: APP.bot,
    api_app_id: APP.id,
    team: team.id,
  };
  return {
    id: APP.user,
    team_id: team.id,
    name: APP.name,
    real_name: APP.name,
    deleted: false,
    is_bot: true,
    is_app_user: false,
    profile,
  };
}
