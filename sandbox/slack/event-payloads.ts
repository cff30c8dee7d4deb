/** What the Events API tells an application. https://docs.slack.dev/apis/events-api */
import type { Dict } from '../dict.ts';
import type { Link } from './links.ts';
import { APP, type State, team, VERIFICATION_TOKEN } from './state.ts';
import type { OpenView, SlackMessage } from './types.ts';

/** The tabs of an application. */
export type Tab = 'home' | 'messages';

/** Somebody looks at one of the application's tabs. https://docs.slack.dev/reference/events/app_home_opened */
export function appHomeOpened(
  state: State,
  user: string,
  channel: string,
  tab: Tab,
  home: OpenView | undefined,
): Dict {
  return callback(state, {
    type: 'app_home_opened',
    user,
    channel,
    tab,
    ...(home && tab === 'home' ? { view: home.view } : {}),
  });
}

/** Links of the application's in a message that was posted. https://docs.slack.dev/reference/events/link_shared */
export function linkShared(
  state: State,
  message: SlackMessage,
  unfurl_id: string,
  links: readonly Link[],
): Dict {
  const { channel, ts, user, thread_ts } = message;
  return callback(state, {
    type: 'link_shared',
    channel,
    is_bot_user_member: state.channels.get(channel)?.is_member ?? false,
    user,
    message_ts: ts,
    ...(thread_ts === undefined ? {} : { thread_ts }),
    unfurl_id,
    source: 'conversations_history',
    links,
  });
}

/** The same links while the message is still being written: neither the channel nor the ts is a real one. */
export function linkComposed(state: State, user: string, unfurl_id: string, links: readonly Link[]): Dict {
  return callback(state, {
    type: 'link_shared',
    channel: 'COMPOSER',
    is_bot_user_member: true,
    user,
    message_ts: unfurl_id,
    unfurl_id,
    source: 'composer',
    links,
  });
}

function callback(state: State, event: Dict): Dict {
  const at = state.nextTs();
  return {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    api_app_id: APP.id,
    event: { ...event, event_ts: at },
    type: 'event_callback',
    event_id: `Ev${at.replace('.', '')}`,
    event_time: Math.floor(Number(at)),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.id,
        user_id: APP.user,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
}
