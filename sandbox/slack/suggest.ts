import { ControlError } from '../control-error.ts';
import { asDict, asDicts, type Dict } from '../dict.ts';
import { asMessages, checkSuggestions } from './block-kit.ts';
import type { Deliveries } from './deliver.ts';
import { statefulElements } from './element-values.ts';
import { messagesOf, shown } from './messages.ts';
import { channelPart, envelopeOf, inView } from './payloads.ts';
import { actor, viewOf } from './persons.ts';
import type { State } from './state.ts';
import type { OpenView, Reply } from './types.ts';

/** Somebody types in a select whose options the application gives. */
export interface Suggestion {
  readonly user: string;
  readonly action_id: string;
  readonly text: string;
  /** The view the select is in; the person's newest one with that action_id unless told. */
  readonly view_id?: string;
  readonly channel?: string;
  readonly ts?: string;
}

export interface SuggestAnswer extends Reply {
  /** All options that came, out of their groups. */
  readonly options: Dict[];
}

// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
const DEFAULT_QUERY_LENGTH = 3;

export async function suggest(state: State, deliveries: Deliveries, how: Suggestion): Promise<SuggestAnswer> {
  const who = actor(state, how.user);
  const place = how.channel === undefined ? inOpenView(state, how) : inMessage(state, how, how.channel);
  const { block, element } = place;
  const wanted =
    typeof element.min_query_length === 'number' ? element.min_query_length : DEFAULT_QUERY_LENGTH;
  if (how.text.length < wanted)
    throw new ControlError(400, `The menu asks the application only after ${wanted} characters.`);
  const reply = await deliveries.deliver('interactive', {
    ...envelopeOf('block_suggestion', who),
    ...place.part,
    action_id: how.action_id,
    block_id: block.block_id,
    value: how.text,
  });
  if (reply.error) return { ...reply, options: [] };
  const problems = checkSuggestions(reply.body);
  if (problems.length > 0)
    return { ...reply, error: 'invalid_options', options: [], ...messages(asMessages(problems)) };
  const options = optionsOf(asDict(reply.body));
  place.remember(options);
  return { ...reply, options };
}

const messages = (list: readonly string[]): object => ({ messages: list });

const optionsOf = (answer: Dict): Dict[] => [
  ...asDicts(answer.options),
  ...asDicts(answer.option_groups).flatMap((group) => asDicts(group.options)),
];

function inOpenView(state: State, how: Suggestion) {
  const open = how.view_id === undefined ? newestWith(state, how) : viewOf(state, how.user, how.view_id);
  const target = open && externalSelect(open.view.blocks, how.action_id);
  if (!open || !target) throw new ControlError(404, `${how.user} has no menu ${how.action_id} open.`);
  const remember = (options: Dict[]): void => {
    open.suggestions.set(how.action_id, [...(open.suggestions.get(how.action_id) ?? []), ...options]);
  };
  return { ...target, part: inView(open), remember };
}

function newestWith(state: State, how: Suggestion): OpenView | undefined {
  return [...state.views.values()].findLast(
    (open) => open.user === how.user && externalSelect(open.view.blocks, how.action_id),
  );
}

function inMessage(state: State, how: Suggestion, channelId: string) {
  const channel = state.channels.get(channelId);
  const message = channel && messagesOf(state, channelId).get(how.ts ?? '');
  const target = message && externalSelect(message.blocks ?? [], how.action_id);
  if (!channel || !message || !target)
    throw new ControlError(404, `The message has no menu ${how.action_id}.`);
  const container = { type: 'message', message_ts: message.ts, channel_id: channelId, is_ephemeral: false };
  return {
    ...target,
    part: { container, channel: channelPart(channel), message: shown(message, true) },
    remember: () => {},
  };
}

function externalSelect(blocks: readonly Dict[], actionId: string) {
  return statefulElements(blocks).find(
    ({ element }) =>
      element.action_id === actionId &&
      ['external_select', 'multi_external_select'].includes(String(element.type)),
  );
}
