/** The parts that the payloads of Slack have in common. https://docs.slack.dev/reference/interaction-payloads */
import type { Dict } from '../dict.ts';
import { teamOf } from './methods-users.ts';
import { APP, team, VERIFICATION_TOKEN } from './state.ts';
import type { Channel, OpenView, Person } from './types.ts';

export function person(one: Person): Dict {
  return { id: one.id, username: one.name, name: one.name, team_id: teamOf(one) };
}

export function envelopeOf(type: string, one: Person): Dict {
  return {
    type,
    user: person(one),
    api_app_id: APP.id,
    token: VERIFICATION_TOKEN,
    team: { ...team },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export const channelPart = (channel: Channel): Dict => ({
  id: channel.id,
  name: channel.user ? 'directmessage' : channel.name,
});

export const inView = (open: OpenView): Dict => ({
  container: { type: 'view', view_id: open.view.id },
  view: open.view,
});
