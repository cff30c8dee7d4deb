import type { TeamsManifestV1D29 } from '@microsoft/app-manifest';
import { WORDS } from '../../src/index.ts';
import { MESSAGE_ACTION } from './message-action.ts';

type Manifest = TeamsManifestV1D29.TeamsManifestV1D29;
type Scope = TeamsManifestV1D29.CommandListScope;

/** What differs between one clinic's app and the next. */
export interface TeamsApp {
  /** The id of the bot's app registration. The app itself carries the same one. */
  readonly appId: string;
  /** Where Teams reaches Switchboard. */
  readonly publicUrl: string;
  /** As 1.2.3. Teams takes a changed app only with a higher one. */
  readonly version: string;
  /** The clinic's own pages, which Teams shows beside the app; placeholders where they are left out. */
  readonly pages?: Partial<Pages>;
}

/** https addresses. Teams wants all three, and does not open them itself. */
export interface Pages {
  readonly websiteUrl: string;
  readonly privacyUrl: string;
  readonly termsOfUseUrl: string;
}

export const PLACEHOLDER_PAGES: Pages = {
  websiteUrl: 'https://switchboard.example.org',
  privacyUrl: 'https://switchboard.example.org/privacy',
  termsOfUseUrl: 'https://switchboard.example.org/terms',
};

const SHARED: Scope[] = ['team', 'groupChat'];

/**
 * The words that Teams suggests, the likeliest first: its menus show ten (the schema takes twelve). Every other word is
 * understood as well, and help lists them all.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/create-a-bot-commands-menu
 */
const IN_CHANNELS = [
  'tasks',
  'next',
  'mine',
  'claim',
  'reroute',
  'complete',
  'release',
  'status',
  'history',
  'help',
];
/** In one's own chat with us, where the Home is what one sees first. */
const IN_OWN_CHAT = [
  'home',
  'next',
  'mine',
  'tasks',
  'reroute',
  'complete',
  'release',
  'status',
  'history',
  'help',
];

/**
 * The app manifest for Teams: one bot, commands for the likeliest words, an entry in the menu of every message, and no
 * permission beyond being mentioned.
 * 1.29 is the first version that knows slash commands and messages for one person.
 * https://learn.microsoft.com/microsoft-365/extensibility/schema/
 */
export function teamsManifest({ appId, publicUrl, version, pages }: TeamsApp): Manifest {
  return {
    $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json',
    manifestVersion: '1.29',
    version,
    id: appId,
    developer: { name: 'Switchboard', ...PLACEHOLDER_PAGES, ...pages },
    name: { short: 'Switchboard', full: 'Switchboard: patient messages for the care team' },
    description: {
      short: 'Patient messages that wait for an answer, where the care team already is.',
      full:
        'A patient message that needs an answer appears as a card in the channel of its pool. One press claims it; ' +
        'a form on the card reroutes it to a person or a pool, with a reason. The record holds the whole story, and ' +
        'every card says what the record says.',
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#0f6b5c',
    bots: [
      {
        botId: appId,
        scopes: ['personal', ...SHARED],
        supportsFiles: false,
        isNotificationOnly: false,
        supportsTargetedMessages: true,
        commandLists: [
          { triggers: ['slash', 'mention'], scopes: SHARED, commands: commands(IN_CHANNELS) },
          // Teams has no slash commands in a chat between a person and a bot; there these are suggestions.
          { triggers: ['mention'], scopes: ['personal'], commands: commands(IN_OWN_CHAT) },
        ],
      },
    ],
    composeExtensions: [
      {
        botId: appId,
        commands: [{ ...MESSAGE_ACTION, type: 'action', context: ['message'], fetchTask: true }],
      },
    ],
    defaultInstallScope: 'team',
    validDomains: [new URL(publicUrl).host],
  };
}

/** Choosing a command puts its title into the message, so the title is the word that we read. */
function commands(names: readonly string[]) {
  return names.flatMap((wanted) => {
    const word = WORDS.find(({ name }) => name === wanted);
    return word ? [{ title: word.name, description: word.description }] : [];
  });
}
