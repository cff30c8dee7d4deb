import { randomBytes } from 'node:crypto';
import { asDict, asDicts, asText, type Dict } from '../dict.ts';
import { asMessages, checkView } from './block-kit.ts';
import { stateOf } from './element-values.ts';
import { SlackError } from './errors.ts';
import { normaliseBlocks } from './normalise.ts';
import { APP, newId, type State, team } from './state.ts';
import type { OpenView, SlackView } from './types.ts';

/** At most three views lie on one another. https://docs.slack.dev/surfaces/modals#view-stack */
const STACK = 3;

const newHash = (state: State): string =>
  `${Math.floor(state.now() / 1000)}.${randomBytes(4).toString('hex')}`;

/** Throws what Slack would say about this view. */
export function checkedView(view: unknown, kind: 'modal' | 'home'): Dict {
  const problems = checkView(view, kind);
  if (problems.length > 0) throw new SlackError('invalid_arguments', asMessages(problems));
  return asDict(view);
}

/** The newest view of each stack is the one its person looks at. */
export function topOf(state: State, rootId: string): OpenView | undefined {
  return [...state.views.values()].findLast((open) => open.view.root_view_id === rootId);
}

export function findView(
  state: State,
  by: { view_id?: string | undefined; external_id?: string | undefined },
): OpenView | undefined {
  const known = [...state.views.values(), ...state.homes.values()];
  if (by.view_id !== undefined)
    return state.views.get(by.view_id) ?? known.find((open) => open.view.id === by.view_id);
  return known.find((open) => by.external_id && open.view.external_id === by.external_id);
}

export function openView(state: State, user: string, given: Dict): OpenView {
  return put(state, { user, view: build(state, given), suggestions: new Map() });
}

export function pushView(state: State, onto: OpenView, given: Dict): OpenView {
  const { root_view_id } = onto.view;
  const stack = [...state.views.values()].filter((open) => open.view.root_view_id === root_view_id);
  if (stack.length >= STACK) throw new SlackError('push_limit_reached');
  const view = { ...build(state, given), root_view_id, previous_view_id: onto.view.id };
  return put(state, { user: onto.user, view, suggestions: new Map() });
}

/** Puts new content in an open view; what the person had chosen stays where block and element are the same. */
export function replaceView(state: State, open: OpenView, given: Dict): OpenView {
  const { id, root_view_id, previous_view_id } = open.view;
  const fresh = build(state, given, open.view);
  return put(state, { ...withoutErrors(open), view: { ...fresh, id, root_view_id, previous_view_id } });
}

/** Changes what only the person's client knows: what is filled in, what is marked wrong. */
export function touchView(state: State, open: OpenView): OpenView {
  return put(state, open);
}

export const withoutErrors = ({ errors: _, ...open }: OpenView): OpenView => open;

export function publishHome(state: State, user: string, given: Dict): OpenView {
  const before = state.homes.get(user);
  const view = build(state, given, before?.view);
  const id = before?.view.id ?? view.id;
  const open: OpenView = { user, view: { ...view, id, root_view_id: id }, suggestions: new Map() };
  state.homes.set(user, open);
  state.emit({ what: 'home', user, viewId: open.view.id });
  return open;
}

export function closeView(state: State, open: OpenView): void {
  state.views.delete(open.view.id);
  state.emit({ what: 'view', user: open.user, viewId: open.view.id });
}

/** Closes a whole stack and gives back the views that were in it, newest first. */
export function clearStack(state: State, open: OpenView): OpenView[] {
  const stack = [...state.views.values()]
    .filter((one) => one.view.root_view_id === open.view.root_view_id)
    .toReversed();
  for (const one of stack) closeView(state, one);
  return stack;
}

function put(state: State, open: OpenView): OpenView {
  if (open.view.type === 'home') state.homes.set(open.user, open);
  else state.views.set(open.view.id, open);
  state.emit({ what: open.view.type === 'home' ? 'home' : 'view', user: open.user, viewId: open.view.id });
  return open;
}

function build(state: State, given: Dict, before?: SlackView): SlackView {
  const external_id = asText(given.external_id) ?? '';
  const taken = external_id ? findView(state, { external_id }) : undefined;
  if (taken && taken.view.id !== before?.id) throw new SlackError('duplicate_external_id');
  const blocks = normaliseBlocks(asDicts(given.blocks));
  const id = newId('V');
  return {
    id,
    team_id: team.id,
    type: String(given.type),
    blocks,
    private_metadata: asText(given.private_metadata) ?? '',
    callback_id: asText(given.callback_id) ?? '',
    external_id,
    state: { values: stateOf(blocks, before?.state.values ?? {}) },
    hash: newHash(state),
    title: withEmoji(given.title),
    submit: withEmoji(given.submit),
    close: withEmoji(given.close),
    clear_on_close: given.clear_on_close === true,
    notify_on_close: given.notify_on_close === true,
    previous_view_id: null,
    root_view_id: id,
    app_id: APP.id,
    app_installed_team_id: team.id,
    bot_id: APP.bot,
  };
}

const withEmoji = (text: unknown): Dict | null =>
  text === undefined ? null : { emoji: true, ...asDict(text) };
