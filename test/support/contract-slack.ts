import { toBlocks } from '../../adapters/slack/blocks.ts';
import { slack } from '../../adapters/slack/index.ts';
import { assertMessage } from '../../adapters/slack/limits.ts';
import { WORKSPACE } from '../../sandbox/clinic.ts';
import { checkBlocks } from '../../sandbox/slack/block-kit.ts';
import type { FaultRequest, SlackEphemeral, SlackMessage } from '../../sandbox/slack/index.ts';
import type { MessageRef } from '../../src/index.ts';
import { openApp } from './contract-app.ts';
import type { Driver, Trouble } from './contract-driver.ts';
import { createPeople } from './flow-acts.ts';
import { eventually } from './flow-wait.ts';

const NURSES = 'C0NURSES';

const FAULTS: Record<Trouble, Omit<FaultRequest, 'method'>> = {
  'asks for seven seconds': { kind: 'ratelimited', seconds: 7 },
  'asks for patience': { kind: 'ratelimited-bare' },
  'does not know it any more': { kind: 'error-code', code: 'message_not_found' },
  'does not allow it': { kind: 'error-code', code: 'not_in_channel' },
  fails: { kind: 'error' },
  'hangs up before': { kind: 'drop' },
  'hangs up after': { kind: 'drop-after-commit' },
};

/** Slack, and the adapter for it. */
export async function openSlack(): Promise<Driver> {
  const { sandbox, platform, desk, close } = await openApp(slack);
  const { slack: workspace } = sandbox;
  const people = createPeople(sandbox);

  const messageAt = (ref: MessageRef): SlackMessage => {
    const [channel, ts] = ref.split('/');
    const message = workspace.messages(channel).find((one) => one.ts === ts);
    if (message === undefined) throw new Error(`There is no message ${ref}.`);
    return message;
  };
  const newestOf = (person: string): SlackEphemeral => {
    const newest = workspace.ephemerals(person).at(-1);
    if (newest === undefined) throw new Error(`${person} was given nothing.`);
    return newest;
  };
  const userOf = (id: string) => ({ platform: 'slack', tenant: WORKSPACE.id, id });

  return {
    platform,
    desk,
    channel: { platform: 'slack', kind: 'channel', id: NURSES },
    userOf,
    guest: async () => userOf(workspace.addPerson({ name: 'Robin Vance', is_restricted: true }).id),

    press: async (person, ref, verb, filled) => {
      const message = messageAt(ref);
      const isButton = pressed(message).some((one) => one.verb === verb && one.type === 'button');
      const act = () =>
        isButton ? people.pressShown(person, message, verb) : people.pick(person, message, verb);
      if (filled) await people.submit(person, await people.dialog(person, act), filled);
      else await act();
    },
    // Slack escapes three signs of what was typed.
    type: (person, words) =>
      people.slash(
        person,
        `/${words.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;' })[sign] ?? '&gt;')}`,
      ),
    fill: async (person, verb, filled) => {
      const view = await eventually(() => {
        const open = workspace.views(person).find((one) => one.callback_id === verb);
        if (open === undefined) throw new Error(`No dialog is open for ${person}.`);
        return open;
      });
      await people.submit(person, view, filled);
    },
    listed: (person) => pressed(newestOf(person)).map(({ verb, task }) => ({ verb, task })),
    pressListed: async (person) => {
      const { channel, ts, ...listing } = newestOf(person);
      const [first] = pressed(listing);
      if (first === undefined) throw new Error('Nothing in the listing can be pressed.');
      await workspace.press({ user: person, channel, ts, action_id: first.verb, value: first.task });
    },

    told: (person) => [
      ...workspace.ephemerals(person).map(({ text }) => text),
      ...workspace.views(person).flatMap(({ errors }) => Object.values(errors ?? {})),
    ],
    standing: () => workspace.messages(NURSES).map((message) => JSON.stringify(message)),
    inbox: (person) => workspace.messages(`D${person.slice(1)}`).map((message) => JSON.stringify(message)),
    drawn: (ref) => {
      const { text, blocks = [] } = messageAt(ref);
      return { text, blocks: blocks.map(({ block_id: _, ...block }) => block) };
    },
    pressable: (ref) => pressed(messageAt(ref)).map(({ verb }) => verb),
    remove: (ref) => {
      const { channel, ts } = messageAt(ref);
      workspace.deleteMessage(channel, ts);
    },
    trouble: (what, on) => {
      const method = on === 'post' ? 'chat.postMessage' : 'chat.update';
      workspace.addFault({ ...FAULTS[what], method });
    },
    refusedPost: (card, key) => {
      workspace.addFault({ kind: 'error-code', code: 'invalid_blocks', method: 'chat.postMessage' });
      return platform.post({ platform: 'slack', kind: 'channel', id: NURSES }, card, key);
    },

    objections: (card) => {
      const message = toBlocks(card, 'v1');
      assertMessage(message);
      return checkBlocks(message.blocks, 'message').map((problem) => JSON.stringify(problem));
    },
    texts: (card) => {
      const { text, blocks } = toBlocks(card, 'v1');
      // The labels of facts are bold, by us.
      return [text, ...marked(blocks).map((one) => one.replace(/^\*(.*)\*\n/s, '$1\n'))];
    },
    markup: /<(?!date|https:)|[*_~`]/,
    close,
  };
}

type Dict = Readonly<Record<string, unknown>>;

/** Every object of the message, in order. */
function objectsIn(value: unknown): Dict[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inside : [value as Dict, ...inside];
}

/** The buttons, then what stands in menus. */
function pressed({ blocks }: Pick<SlackMessage, 'blocks'>) {
  const all = objectsIn(blocks);
  const buttons = all
    .filter(({ type }) => type === 'button')
    .map(({ action_id, value }) => ({ type: 'button', verb: String(action_id), task: String(value) }));
  const entries = all
    .filter(({ type }) => type === 'overflow')
    .flatMap(({ options }) => objectsIn(options))
    .flatMap(({ value }) => (typeof value === 'string' ? [value] : []))
    .map((value) => {
      const [verb = '', task = ''] = value.split(':');
      return { type: 'menu', verb, task };
    });
  return [...buttons, ...entries];
}

/** Every text in which Slack looks for its own markup. */
function marked(blocks: unknown): string[] {
  return objectsIn(blocks).flatMap(({ type, text }) => (type === 'mrkdwn' ? [String(text)] : []));
}
