import type { webApi } from '@slack/bolt';
import { COMMANDS, type Command } from './commands.ts';
import { ADD_NOTE } from './note.ts';
import { EVENTS_PATH } from './paths.ts';

type Manifest = webApi.AppsManifestCreateArguments['manifest'];

/** Each method that the adapter calls, and the scope that Slack wants for it. */
export const SCOPES_BY_METHOD = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.unfurl': ['links:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.open': ['im:write'],
  'users.info': ['users:read', 'users:read.email'],
  'auth.test': [],
  'views.open': [],
  'views.push': [],
  'views.update': [],
  'views.publish': [],
} as const satisfies Record<string, readonly string[]>;

/** What the adapter hears of. */
const EVENTS = ['app_home_opened', 'link_shared'] as const;

/** Each event, and the scope that Slack wants for it. */
export const SCOPES_BY_EVENT = {
  app_home_opened: [],
  link_shared: ['links:read'],
} as const satisfies Record<(typeof EVENTS)[number], readonly string[]>;

type Scope =
  | (typeof SCOPES_BY_METHOD)[keyof typeof SCOPES_BY_METHOD][number]
  | (typeof SCOPES_BY_EVENT)[keyof typeof SCOPES_BY_EVENT][number]
  | 'commands';

/** What may differ between two clinics' manifests. */
export interface ManifestOptions {
  /** The hosts whose links to Tasks are shown as cards; at most five. */
  readonly unfurlDomains?: readonly string[];
}

/**
 * The app manifest for Slack: exactly the scopes that are used, and a slash command for every word that Slack leaves
 * to apps.
 *
 * @param publicUrl where Slack reaches Switchboard; without it the app uses Socket Mode, which needs no address.
 */
export function slackManifest(
  publicUrl: string | undefined,
  { unfurlDomains = ['app.medplum.com'] }: ManifestOptions = {},
): Manifest {
  const url = publicUrl && `${publicUrl.replace(/\/+$/, '')}${EVENTS_PATH}`;
  const scopes = new Set<Scope>([
    'commands',
    ...Object.values(SCOPES_BY_METHOD).flat(),
    ...Object.values(SCOPES_BY_EVENT).flat(),
  ]);
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: 'Switchboard',
      description: 'Patient messages that wait for an answer, where the care team already is.',
      background_color: '#1d4f5c',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'Switchboard', always_online: true },
      shortcuts: [
        {
          type: 'message',
          name: 'Add to Task note',
          callback_id: ADD_NOTE,
          description: 'Writes this message down in the notes of a Task',
        },
      ],
      slash_commands: COMMANDS.map((command) => slashCommand(command, url)),
      unfurl_domains: [...unfurlDomains],
    },
    oauth_config: { scopes: { bot: [...scopes].sort() } },
    settings: {
      event_subscriptions: {
        ...(url && { request_url: url }),
        bot_events: [...EVENTS],
      },
      interactivity: { is_enabled: true, ...(url && { request_url: url, message_menu_options_url: url }) },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  };
}

/** Mentions must arrive as ids, or a person could not be named safely. */
function slashCommand({ name, description, hint }: Command, url: string | undefined) {
  return {
    command: `/${name}`,
    description,
    should_escape: true,
    ...(url && { url }),
    ...(hint && { usage_hint: hint }),
  };
}
