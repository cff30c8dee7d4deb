/** views.* of the Web API. https://docs.slack.dev/reference/methods?family=views */
import type { Args } from './args.ts';
import { SlackError } from './errors.ts';
import type { Methods } from './methods.ts';
import type { State, Trigger } from './state.ts';
import type { OpenView } from './types.ts';
import { checkedView, findView, openView, publishHome, pushView, replaceView, topOf } from './views.ts';

const TRIGGER_LIFE_MS = 3000;

export const viewMethods: Methods = {
  'views.open': (args, state) => {
    const trigger = triggerOf(args, state);
    const view = checkedView(viewArgument(args), 'modal');
    const opened = openView(state, trigger.user, view);
    trigger.used = true;
    return { view: opened.view };
  },

  'views.push': (args, state) => {
    const trigger = triggerOf(args, state);
    const view = checkedView(viewArgument(args), 'modal');
    const from = trigger.view === undefined ? undefined : state.views.get(trigger.view);
    const top = from && topOf(state, from.view.root_view_id);
    if (!top) throw new SlackError('not_found');
    const pushed = pushView(state, top, view);
    trigger.used = true;
    return { view: pushed.view };
  },

  'views.update': (args, state) => {
    const by = { view_id: args.text('view_id'), external_id: args.text('external_id') };
    if (!by.view_id && !by.external_id)
      throw new SlackError('invalid_arguments', [
        '[ERROR] one of `view_id` or `external_id` is required [json-pointer:/]',
      ]);
    const given = viewArgument(args);
    const open = findView(state, by);
    if (!open) throw new SlackError('not_found');
    const view = checkedView(given, open.view.type === 'home' ? 'home' : 'modal');
    checkHash(args, open);
    return { view: replaceView(state, open, view).view };
  },

  'views.publish': (args, state) => {
    const user = args.need('user_id');
    const view = checkedView(viewArgument(args), 'home');
    if (!state.people.has(user)) throw new SlackError('user_not_found');
    checkHash(args, state.homes.get(user));
    return { view: publishHome(state, user, view).view };
  },
};

function viewArgument(args: Args): unknown {
  const view = args.json('view', 'invalid_arguments');
  if (view === undefined) throw new SlackError('missing_argument', ['[ERROR] missing required field: view']);
  return view;
}

function triggerOf(args: Args, state: State): Trigger {
  const id = args.need('trigger_id');
  if (!/^\d+\.\d+\.\w+$/.test(id))
    throw new SlackError('invalid_arguments', ['[ERROR] invalid `trigger_id` [json-pointer:/trigger_id]']);
  const trigger = state.triggers.get(id);
  if (!trigger) throw new SlackError('invalid_trigger_id');
  if (trigger.used) throw new SlackError('exchanged_trigger_id');
  if (state.now() - trigger.issued > TRIGGER_LIFE_MS) throw new SlackError('expired_trigger_id');
  return trigger;
}

function checkHash(args: Args, open: OpenView | undefined): void {
  const hash = args.text('hash');
  if (hash !== undefined && open && hash !== open.view.hash) throw new SlackError('hash_conflict');
}
