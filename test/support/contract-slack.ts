import { toBlocks } from '../../adapters/slack/blocks.ts';
import { slack } from '../../adapters/slack/index.ts';
import { assertMessage } from '../../adapters/slack/limits.ts';
import { MARK, TURN } from '../../adapters/slack/listing.ts';
import { WORKSPACE } from '../../sandbox/clinic.ts';
import { checkBlocks } from '../../sandbox/slack/block-kit.ts';
import type { FaultRequest, ListedView, SlackEphemeral, SlackMessage } from '../../sandbox/slack/index.ts';
import type { MessageRef } from '../../src/index.ts';
import { openApp } from './contract-app.ts';
import { BEN, type Driver, type Read, type Trouble } from './contract-driver.ts';
import { createPeople } from './flow-acts.ts';
import { wordsOf } from './flow-card.ts';
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
  /** The newest listing that the person was given; what is only said has no mark in its blocks. */
  const listingOf = (person: string): SlackEphemeral => {
    const newest = workspace.ephemerals(person).findLast(({ blocks = [] }) => blocks.some(isListed));
    if (newest === undefined) throw new Error(`${person} was given no listing.`);
    return newest;
  };
  const dialogOf = (person: string, verb: string): ListedView => {
    const open = workspace.views(person).findLast((one) => one.callback_id === verb);
    if (open === undefined) throw new Error(`No dialog for ${verb} is open for ${person}.`);
    return open;
  };
  /** The message that a note is taken from; what was written has to be written first. */
  const notedMessage = (message: { readonly text: string } | { readonly card: MessageRef }): SlackMessage =>
    'card' in message
      ? messageAt(message.card)
      : workspace.say({ user: BEN, channel: NURSES, text: message.text });
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
    pressRow: async (person, ref, verb, task) => {
      await people.pressRow(person, messageAt(ref), verb, task);
    },
    // Slack escapes three signs of what was typed.
    type: (person, words) =>
      people.slash(
        person,
        `/${words.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;' })[sign] ?? '&gt;')}`,
      ),
    fill: async (person, verb, filled) => {
      const view = await eventually(() => dialogOf(person, verb));
      await people.submit(person, view, filled);
    },
    asked: async (person, verb) => {
      const { blocks, state } = await eventually(() => dialogOf(person, verb));
      const inputs = blocks.filter(({ type }) => type === 'input').map(({ block_id }) => String(block_id));
      return {
        text: wordsOf({ blocks: blocks.filter(({ type }) => type !== 'input') }),
        inputs,
        filled: Object.fromEntries(
          inputs.flatMap((name) => {
            const value = heldIn(Object.values(state.values[name] ?? {})[0] ?? {});
            return value === undefined ? [] : [[name, value]];
          }),
        ),
      };
    },
    preview: async (person, verb, target) =>
      people.preview(person, await eventually(() => dialogOf(person, verb)), target),
    noteFrom: async (person, message) => {
      await people.addNote(person, notedMessage(message));
    },

    listed: (person) => pressed(listingOf(person)).map(({ verb, task }) => ({ verb, task })),
    listing: (person) => read(listingOf(person)),
    pressListed: async (person, verb) => {
      const listing = listingOf(person);
      const wanted = read(listing).buttons.find((one) => verb === undefined || one.verb === verb);
      if (wanted === undefined) throw new Error('Nothing in the listing can be pressed.');
      await people.pressRow(person, listing, wanted.verb, wanted.task);
    },
    turn: async (person) => {
      await people.turn(person, listingOf(person));
    },

    openHome: async (person) => {
      await people.openHome(person);
    },
    home: (person) => read(people.home(person)),
    pressHome: async (person, verb) => {
      const { task } = read(people.home(person)).buttons.find((one) => one.verb === verb) ?? {};
      await people.pressHome(person, verb, task);
    },

    told: (person) => [
      ...workspace.ephemerals(person).map(({ text }) => text),
      ...workspace
        .views(person)
        .filter(({ blocks }) => blocks.every(({ type }) => type !== 'input'))
        .map(wordsOf),
      ...workspace.views(person).flatMap(({ errors }) => Object.values(errors ?? {})),
    ],
    notified: (person) => sandbox.notifications().flatMap((one) => (one.person === person ? [one.kind] : [])),
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

/** What a reader sees of a listing, in a message or in a view. */
function read(shown: Pick<SlackMessage, 'blocks'>): Read {
  const buttons = pressed(shown).filter(({ verb }) => verb !== TURN);
  const turn = objectsIn(shown.blocks).find(({ action_id }) => action_id === TURN);
  const [label] = objectsIn(turn?.text);
  return {
    text: wordsOf(shown),
    buttons: buttons.map(({ verb, task }) => ({ verb, task })),
    turn: label && String(label.text),
  };
}

/** What stands in an input, as text. */
function heldIn({ value, selected_option }: Dict): string | undefined {
  const [option] = objectsIn(selected_option);
  const held = option?.value ?? value;
  return typeof held === 'string' && held !== '' ? held : undefined;
}

const isListed = ({ block_id }: Dict): boolean => String(block_id).includes(MARK);

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
