import { toBlocks } from '../../adapters/slack/blocks.ts';
import { withMention } from '../../adapters/slack/mention.ts';
import { EVENT_TYPE } from '../../adapters/slack/metadata.ts';
import { type FormOf, toAdaptiveCard } from '../../adapters/teams/adaptive-card.ts';
import { asDict, asDicts, asText, type Dict, isDict } from '../../sandbox/dict.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { SlackMessage } from '../../sandbox/slack/index.ts';
import { normaliseBlocks } from '../../sandbox/slack/normalise.ts';
import { actionsOf } from '../../sandbox/teams/card-tree.ts';
import type { TeamsMessage } from '../../sandbox/teams/index.ts';
import type { Card } from '../../src/cards/card.ts';

/* What the application has written to people, in the words of no platform, as a reader of the workspace finds it. */

/** A message of the application's that everybody in its place sees. */
export interface Message {
  readonly platform: 'slack' | 'teams';
  /** The channel or the chat, as the platform names it. */
  readonly place: string;
  /** The same for the message and for the handle that the ledger has of it. */
  readonly key: string;
  /** What it shows, without what is new each time that it is drawn. */
  readonly drawn: string;
  readonly canBePressed: boolean;
  /** The Task that it is about, where the message tells. */
  readonly task: string | undefined;
  /** The ledger's id of it, where the message tells. */
  readonly card: string | undefined;
  /** A line that was to become a card. */
  readonly isLine: boolean;
  /** The first thing that it says. */
  readonly title: string;
}

/** Every message of the application's that stands, but for what it says to one person who asked. */
export function messagesOf({ slack, teams }: Sandbox): Message[] {
  const direct = new Set(teams.people().map(({ personal }) => personal));
  return [
    ...slack.messages().filter(isSlackCard).map(fromSlack),
    ...teams
      .messages()
      .filter(({ from }) => from.user === undefined)
      .map(fromTeams)
      // In a chat with a person answers stand too: there the ledger alone knows which is a card.
      .map((one) => (direct.has(one.place) ? { ...one, task: undefined, isLine: false } : one)),
  ];
}

/** Ids of the cards whose message was posted to Slack more than once. */
export function postedTwice({ slack }: Sandbox): string[] {
  const ids = slack
    .posted()
    .filter(isSlackCard)
    .map((one) => payloadOf(one).card);
  return [...Map.groupBy(ids, (id) => String(id))].filter(([, same]) => same.length > 1).map(([id]) => id);
}

/** The key of the message that a handle of the ledger leads to. */
export function keyOf(platform: string, ref: string): string {
  if (platform === 'slack') return `slack ${ref}`;
  const { conversation, activity } = asDict(JSON.parse(ref));
  return teamsKey(String(conversation).split(';')[0] ?? '', String(activity));
}

/** Every form in which this card may stand: with the call that it was posted with, or without. */
export function formsOf(platform: string, card: Card, formOf: FormOf): string[] {
  if (platform === 'teams') return [drawnIn(card.notification, json(toAdaptiveCard(card, formOf)))];
  const quiet = toBlocks(card, 'v');
  const all = card.mention ? [quiet, withMention(quiet, card.mention, 'v')] : [quiet];
  return all.map(({ text, blocks }) => drawnIn(text, withoutIds(normaliseBlocks(asDicts(json(blocks))))));
}

function fromSlack(message: SlackMessage): Message {
  const { channel, ts, text, blocks = [] } = message;
  const { task, card } = payloadOf(message);
  return {
    platform: 'slack',
    place: channel,
    key: `slack ${channel}/${ts}`,
    drawn: drawnIn(text, withoutIds(blocks)),
    canBePressed: blocks.some((block) => block.type === 'actions' || block.accessory !== undefined),
    task: asText(task),
    card: asText(card),
    isLine: false,
    title: String(asDict(blocks.find(({ type }) => type === 'header')?.text).text ?? text),
  };
}

function fromTeams({ conversation, activityId, summary, text, attachments }: TeamsMessage): Message {
  const content = asDict(attachments[0]?.content);
  const data = actionsOf(content).map(({ action }) => asDict(action.data));
  const isAboutOne = data.every(({ among, asked }) => among === undefined && asked === undefined);
  const tasks = new Set(data.map(({ task }) => asText(task)).filter((task) => task !== undefined));
  return {
    platform: 'teams',
    place: conversation,
    key: teamsKey(conversation, activityId),
    drawn: drawnIn(summary ?? '', content),
    canBePressed: data.length > 0,
    task: isAboutOne && tasks.size === 1 ? [...tasks][0] : undefined,
    card: undefined,
    isLine: attachments.length === 0,
    title: String(asDicts(content.body)[0]?.text ?? text),
  };
}

const teamsKey = (conversation: string, activity: string) => `teams ${conversation} ${activity}`;

function isSlackCard({ metadata, bot_id }: SlackMessage): boolean {
  return bot_id !== undefined && metadata?.event_type === EVENT_TYPE;
}

function payloadOf({ metadata }: SlackMessage): Dict {
  return asDict(metadata?.event_payload);
}

/** Says how late a card is, in small print: that is not of the record. */
const LATE = /\s*·?\s*Shown [^"\\]*? late: this channel was busy\.?/g;

function drawnIn(text: string, content: unknown): string {
  return JSON.stringify({ text, content: sorted(content) }).replaceAll(LATE, '');
}

/** Platforms keep the parts of an object in no order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isDict(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}

function withoutIds(blocks: readonly Dict[]): Dict[] {
  return blocks.map(({ block_id: _, ...block }) => block);
}

function json(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
