import { type Form, WORDS } from '../../src/index.ts';

/**
 * Slash commands that are Slack's own. A manifest that names one of them is refused as a whole (`/status`, say: "the
 * slash command has an invalid name"), or Slack answers in the app's place.
 * https://slack.com/help/articles/201259356-Slash-commands-in-Slack, with their other names; `help` is a former one.
 */
export const SLACKS_OWN: ReadonlySet<string> = new Set([
  'active',
  'apps',
  'archive',
  'away',
  'call',
  'close',
  'collapse',
  'dm',
  'dnd',
  'expand',
  'feed',
  'feedback',
  'help',
  'invite',
  'invite_people',
  'join',
  'keys',
  'kick',
  'leave',
  'me',
  'msg',
  'mute',
  'open',
  'part',
  'prefs',
  'pro',
  'remind',
  'remove',
  'rename',
  's',
  'search',
  'shortcuts',
  'shrug',
  'star',
  'status',
  'topic',
  'who',
]);

/** A slash command of the app. */
export interface Command {
  /** Without its slash. */
  readonly name: string;
  readonly description: string;
  /** What stands behind it. */
  readonly hint: string;
}

/** The command behind which every word can be typed, also those that Slack keeps for itself. */
export const UMBRELLA: Command = {
  name: 'switchboard',
  description: 'Everything that Switchboard understands',
  hint: `[${WORDS.map(({ name }) => name).join(' | ')}]`,
};

/** Every slash command of the app: one for each word that Slack leaves to apps, and one for all. */
export const COMMANDS: readonly Command[] = [UMBRELLA, ...WORDS.filter(({ name }) => !SLACKS_OWN.has(name))];

/** What could be typed in the place of a dialog: `/reroute a1b2c3 [pool or person] because [reason] [note]`. */
export function typedForm({ verb, task }: Pick<Form, 'verb' | 'task'>): string {
  const hint = WORDS.find(({ name }) => name === verb)?.hint ?? '[task]';
  const command = SLACKS_OWN.has(verb) ? `/${UMBRELLA.name} ${verb}` : `/${verb}`;
  return `${command} ${task ? hint.replace(/\[task[^\]]*\]/, task.short) : hint}`;
}
