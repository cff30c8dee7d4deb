import type { webApi } from '@slack/bolt';
import { QUERIES, VERBS } from '../../src/index.ts';
import { EVENTS_PATH } from './paths.ts';

type Manifest = webApi.AppsManifestCreateArguments['manifest'];

/** Each method that the adapter calls, and the scope that Slack wants for it. */
export const SCOPES_BY_METHOD = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.open': ['im:write'],
  'users.info': ['users:read', 'users:read.email'],
  'auth.test': [],
  'views.open': [],
} as const satisfies Record<string, readonly string[]>;

type Scope = (typeof SCOPES_BY_METHOD)[keyof typeof SCOPES_BY_METHOD][number] | 'commands';

/**
 * The app manifest for Slack: exactly the scopes that are used, and a slash command for every verb and query.
 *
 * @param publicUrl where Slack reaches Switchboard; without it the app uses Socket Mode, which needs no address.
 */
export function slackManifest(publicUrl: string | undefined): Manifest {
  const url = publicUrl && `${publicUrl.replace(/\/+$/, '')}${EVENTS_PATH}`;
  const scopes = new Set<Scope>(['commands', ...Object.values(SCOPES_BY_METHOD).flat()]);
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: 'Switchboard',
      description: 'Patient messages that wait for an answer, where the care team already is.',
      background_color: '#1d4f5c',
    },
    features: {
      bot_user: { display_name: 'Switchboard', always_online: true },
      slash_commands: [
        ...VERBS.map((verb) => ({
          ...command(verb, url),
          usage_hint: hint(verb.fields.map((field) => field.name)),
        })),
        ...QUERIES.map((query) => ({ ...command(query, url), usage_hint: '[pool]' })),
      ],
    },
    oauth_config: { scopes: { bot: [...scopes].sort() } },
    settings: {
      interactivity: { is_enabled: true, ...(url && { request_url: url, message_menu_options_url: url }) },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  };
}

/** Mentions must arrive as ids, or a person could not be named safely. */
function command(named: { readonly name: string; readonly description: string }, url: string | undefined) {
  return {
    command: `/${named.name}`,
    description: named.description,
    should_escape: true,
    ...(url && { url }),
  };
}

function hint(fields: readonly string[]): string {
  const target = fields.includes('target') ? ' [pool or person]' : '';
  const reason = fields.includes('reason') ? ' because [reason] [note]' : '';
  return `[task]${target}${reason}`;
}
