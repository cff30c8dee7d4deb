import { asDict, asText, type Dict, isDict } from './dict.ts';
import type { SlackMessage, SlackWorkspace } from './slack/index.ts';
import { actionsOf } from './teams/card-tree.ts';
import type { TeamsMessage, TeamsTenant } from './teams/index.ts';

/** What made somebody's phone light up. */
export interface Notification {
  /** The clinic's id of the person, on every platform the same. */
  readonly person: string;
  readonly platform: 'slack' | 'teams';
  /** A message to them alone; their name in a channel; a call to everybody in a channel. */
  readonly kind: 'direct' | 'mention' | 'broadcast';
  /** The Task that the message is about, where it is about one. */
  readonly task?: string;
  readonly at: Date;
}

/** A message as it was when it was posted, in the words of no platform. */
interface Sent {
  readonly platform: Notification['platform'];
  /** Who wrote it; undefined for the application. */
  readonly from: string | undefined;
  /** The person whose own chat it stands in. */
  readonly chatOf: string | undefined;
  /** The people of its channel. */
  readonly members: readonly string[];
  readonly named: readonly string[];
  readonly callsAll: boolean;
  readonly task: string | undefined;
  readonly at: Date;
}

/**
 * Who was notified of what, oldest first. A message notifies when it is posted, and never when it is changed; nobody is
 * notified of what they wrote; and one message lights a phone up once. What only one person sees in answer to their own
 * press notifies nobody.
 */
export function notificationsOf(slack: SlackWorkspace, teams: TeamsTenant): Notification[] {
  return [...inSlack(slack), ...inTeams(teams)]
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .flatMap(notified);
}

function notified({ platform, from, chatOf, members, named, callsAll, task, at }: Sent): Notification[] {
  const kinds = new Map<string, Notification['kind']>([
    ...(callsAll ? members : []).map((person) => [person, 'broadcast'] as const),
    ...named.filter((person) => members.includes(person)).map((person) => [person, 'mention'] as const),
    ...(chatOf === undefined ? [] : [[chatOf, 'direct'] as const]),
  ]);
  return [...kinds]
    .filter(([person]) => person !== from)
    .map(([person, kind]) => ({ person, platform, kind, ...(task && { task }), at }));
}

function inSlack(slack: SlackWorkspace): Sent[] {
  const channels = new Map(slack.channels().map((one) => [one.id, one]));
  return slack.posted().map((message): Sent => {
    const { channel, bot_id, user, metadata, ts } = message;
    const texts = slackTexts(message).join('\n');
    return {
      platform: 'slack',
      from: bot_id === undefined ? user : undefined,
      chatOf: channels.get(channel)?.user,
      members: slack.members(channel),
      named: [...texts.matchAll(/<@(\w+)(?:\|[^>]*)?>/g)].map(([, id = '']) => id),
      callsAll: /<!(?:channel|here|everyone)(?:\|[^>]*)?>/.test(texts),
      task: asText(asDict(metadata?.event_payload).task),
      at: new Date(Number(ts) * 1000),
    };
  });
}

/** Every text in which Slack looks for mentions. */
function slackTexts({ text, blocks }: SlackMessage): string[] {
  return [text, ...marked(blocks)];
}

function marked(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(marked);
  if (!isDict(value)) return [];
  if (value.type === 'mrkdwn') return [String(value.text)];
  return Object.values(value).flatMap(marked);
}

function inTeams(teams: TeamsTenant): Sent[] {
  const people = teams.people();
  return teams.posted().flatMap((message): Sent[] => {
    const { conversation, from, to, entities = [], attachments, at } = message;
    if (to !== undefined) return [];
    const mentioned = entities
      .filter(({ type }) => type === 'mention')
      .map((entity) => asText(asDict(entity.mentioned).id));
    return [
      {
        platform: 'teams',
        from: from.user,
        chatOf: people.find(({ personal }) => personal === conversation)?.id,
        members: teams.members(conversation),
        named: people
          .filter(({ teamsId, aadObjectId }) => [teamsId, aadObjectId].some((id) => mentioned.includes(id)))
          .map(({ id }) => id),
        callsAll: mentioned.includes(conversation),
        task: taskIn(attachments),
        at: new Date(at),
      },
    ];
  });
}

/** The Task that all buttons of a card are about; a card of rows is about none. */
function taskIn(attachments: TeamsMessage['attachments']): string | undefined {
  const data = attachments
    .flatMap(({ content }) => actionsOf(asDict(content)))
    .map(({ action }): Dict => asDict(action.data));
  const tasks = new Set(data.map(({ task }) => asText(task)).filter((task) => task !== undefined));
  const [only] = tasks;
  return tasks.size === 1 && data.every(({ among }) => among === undefined) ? only : undefined;
}
