import { ControlError } from '../control-error.ts';
import { asDicts, asText, type Dict } from '../dict.ts';
import { elementsIn, flatBlocks } from './block-kit.ts';
import { channelFor } from './channel-lookup.ts';
import type { Deliveries } from './deliver.ts';
import { chosenValue, findOption, keepsState, stateOf, withValue } from './element-values.ts';
import { givenValues } from './given-values.ts';
import { messagesOf, shown } from './messages.ts';
import { channelPart, envelopeOf, inView } from './payloads.ts';
import { actor, viewOf } from './persons.ts';
import { newResponseUrl, newTrigger, type State } from './state.ts';
import type { OpenView, Reply, StateValues } from './types.ts';
import { touchView } from './views.ts';

/** Somebody uses a button, an overflow or a select: in a message, in an ephemeral, or in a view. */
export interface Press {
  readonly user: string;
  readonly channel?: string;
  readonly ts?: string;
  readonly view_id?: string;
  readonly action_id: string;
  /** Picks the option, or one of several buttons with the same action_id. */
  readonly value?: unknown;
  readonly block_id?: string;
  /** In a modal: what stands in its other inputs by then; by block_id and action_id, or flat by either of them. */
  readonly values?: Dict;
  /** Presses what is no longer there, as a client would that did not yet hear of the change. */
  readonly stale?: boolean;
  /** What the stale element was; a button unless told. */
  readonly type?: 'button' | 'overflow';
}

export interface PressAnswer extends Reply {
  readonly trigger_id: string;
}

export function press(state: State, deliveries: Deliveries, how: Press): Promise<PressAnswer> {
  return how.view_id === undefined
    ? pressInMessage(state, deliveries, how)
    : pressInView(state, deliveries, how, how.view_id);
}

async function pressInView(
  state: State,
  deliveries: Deliveries,
  how: Press,
  viewId: string,
): Promise<PressAnswer> {
  const who = actor(state, how.user);
  const open = viewOf(state, how.user, viewId);
  const target = findTarget(open.view.blocks, how);
  if (!target) throw new ControlError(404, `The view has no ${how.action_id}.`);
  if (target.block.type === 'input' && target.block.dispatch_action !== true)
    throw new ControlError(400, `${how.action_id} is told to the application with the submission only.`);
  const suggested = open.suggestions.get(how.action_id) ?? [];
  const given = how.values ? touchView(state, { ...open, view: filledView(open, how.values) }) : open;
  const after = keepsState(target.element) ? filledIn(state, given, target, how.value, suggested) : given;
  const trigger_id = newTrigger(state, how.user, open.view.id);
  const reply = await deliveries.deliver('interactive', {
    ...envelopeOf('block_actions', who),
    trigger_id,
    ...inView(after),
    actions: [actionOf(state, target, how, suggested)],
  });
  return { ...reply, trigger_id };
}

function filledIn(
  state: State,
  open: OpenView,
  target: Target,
  value: unknown,
  suggested: readonly Dict[],
): OpenView {
  const chosen = chosenValue(target.element, value ?? null, suggested);
  const values = withValue(
    open.view.state.values,
    String(target.block.block_id),
    String(target.element.action_id),
    chosen,
  );
  return touchView(state, { ...open, view: { ...open.view, state: { values } } });
}

/** The view with what the person has filled in so far; nothing of it has to be complete yet. */
function filledView(open: OpenView, given: Dict): OpenView['view'] {
  return { ...open.view, state: { values: givenValues(open, given) } };
}

async function pressInMessage(state: State, deliveries: Deliveries, how: Press): Promise<PressAnswer> {
  const who = actor(state, how.user);
  const source = sourceOf(state, how);
  const target = findTarget(source.blocks, how) ?? (how.stale ? staleTarget(how) : undefined);
  if (!target)
    throw new ControlError(
      404,
      `The message has no ${how.action_id}${how.value === undefined ? '' : ` ${JSON.stringify(how.value)}`}.`,
    );
  const trigger_id = newTrigger(state, how.user);
  const action = actionOf(state, target, how, []);
  const reply = await deliveries.deliver('interactive', {
    ...envelopeOf('block_actions', who),
    container: {
      message_ts: source.ts,
      channel_id: source.channel.id,
      is_ephemeral: source.kind === 'ephemeral',
      ...source.container,
    },
    trigger_id,
    channel: channelPart(source.channel),
    ...source.message,
    state: { values: stateAfter(source.blocks, target, how) },
    response_url: newResponseUrl(state, {
      channel: source.channel.id,
      user: how.user,
      source: { kind: source.kind, ts: source.ts },
    }),
    actions: [action],
  });
  return { ...reply, trigger_id };
}

function stateAfter(blocks: readonly Dict[], target: Target, how: Press): StateValues {
  const values = stateOf(blocks, {});
  if (!keepsState(target.element)) return values;
  return withValue(
    values,
    String(target.block.block_id),
    how.action_id,
    chosenValue(target.element, how.value ?? null, []),
  );
}

/** The message or the ephemeral that is pressed. The payload of an ephemeral carries no `message`. */
function sourceOf(state: State, how: Press) {
  const channel = channelFor404(state, how.channel);
  const ts = how.ts ?? '';
  const message = messagesOf(state, channel.id).get(ts);
  const unfurled = message?.attachments?.find((one) => findTarget(asDicts(one.blocks), how));
  if (message && unfurled)
    return {
      kind: 'message' as const,
      ts,
      channel,
      container: inAttachment(unfurled),
      blocks: asDicts(unfurled.blocks),
      message: { app_unfurl: unfurled },
    };
  const container = { type: 'message' };
  if (message)
    return {
      kind: 'message' as const,
      ts,
      channel,
      container,
      blocks: message.blocks ?? [],
      message: { message: shown(message, true) },
    };
  const ephemeral = state.ephemerals.get(ts);
  if (ephemeral?.user === how.user && ephemeral.channel === channel.id)
    return {
      kind: 'ephemeral' as const,
      ts,
      channel,
      container,
      blocks: ephemeral.blocks ?? [],
      message: {},
    };
  throw new ControlError(404, `${how.user} sees no message ${ts} in ${channel.id}.`);
}

/** Where a press in what an application unfurled comes from. */
const inAttachment = (attachment: Dict): Dict => ({
  type: 'message_attachment',
  attachment_id: attachment.id,
  is_app_unfurl: true,
  app_unfurl_url: attachment.app_unfurl_url,
});

function channelFor404(state: State, id: string | undefined) {
  if (id === undefined || !state.channels.has(id))
    throw new ControlError(404, `There is no channel ${String(id)}.`);
  return channelFor(state, id);
}

interface Target {
  readonly block: Dict;
  readonly element: Dict;
}

function findTarget(blocks: readonly Dict[], how: Press): Target | undefined {
  const all = flatBlocks(blocks).flatMap((block) => elementsIn(block).map((element) => ({ block, element })));
  const named = all.filter(
    ({ block, element }) =>
      element.action_id === how.action_id && (how.block_id === undefined || block.block_id === how.block_id),
  );
  if (how.value === undefined) return named[0];
  return named.find(({ element }) =>
    element.type === 'button' ? element.value === how.value || how.stale : true,
  );
}

function staleTarget(how: Press): Target {
  if (how.value === undefined)
    throw new ControlError(400, 'A stale press needs the value that the element had.');
  const text = { type: 'plain_text', text: how.action_id, emoji: true };
  const block = { block_id: how.block_id ?? 'stale' };
  const { action_id, value } = how;
  if (how.type !== 'overflow') return { block, element: { type: 'button', action_id, text, value } };
  return { block, element: { type: 'overflow', action_id, options: [{ text, value }] } };
}

/** The entry of `actions`: the element's own fields and what was chosen. */
function actionOf(state: State, { block, element }: Target, how: Press, suggested: readonly Dict[]): Dict {
  const common = {
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    action_ts: state.nextTs(),
  };
  if (keepsState(element)) {
    const { initial_option, placeholder } = element;
    return {
      ...common,
      ...defined({ initial_option, placeholder }),
      ...chosenValue(element, how.value ?? null, suggested),
    };
  }
  if (element.type === 'overflow') return { ...common, selected_option: overflowOption(element, how) };
  const { text, style, url } = element;
  const value = how.stale ? (how.value ?? element.value) : element.value;
  return { ...common, ...defined({ text, value, style, url }) };
}

function overflowOption(element: Dict, how: Press): Dict {
  if (how.value === undefined)
    throw new ControlError(400, `${how.action_id} is a menu; name the value of an option.`);
  if (!how.stale) return findOption(element, how.value, []);
  return { text: { type: 'plain_text', text: asText(how.value) ?? '', emoji: true }, value: how.value };
}

const defined = (fields: Dict): Dict =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
