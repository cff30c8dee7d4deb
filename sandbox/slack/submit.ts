import { ControlError } from '../control-error.ts';
import { asDict, asText, type Dict, isDict } from '../dict.ts';
import { asMessages, checkView } from './block-kit.ts';
import type { Deliveries } from './deliver.ts';
import { isEmpty, statefulElements } from './element-values.ts';
import { SlackError } from './errors.ts';
import { givenValues } from './given-values.ts';
import { envelopeOf } from './payloads.ts';
import { actor, viewOf } from './persons.ts';
import { newResponseUrl, newTrigger, type State } from './state.ts';
import type { OpenView, Reply, StateValues } from './types.ts';
import {
  checkedView,
  clearStack,
  closeView,
  pushView,
  replaceView,
  topOf,
  touchView,
  withoutErrors,
} from './views.ts';

/** Somebody fills in a dialog and submits it. `values` by block_id and action_id, or flat by either of them. */
export interface Submission {
  readonly user: string;
  readonly view_id: string;
  readonly values?: Dict;
}

export interface SubmitAnswer extends Reply {
  /** The view that the person looks at now; absent when the dialog is gone. */
  readonly view_id?: string;
  readonly closed: boolean;
}

export async function submit(state: State, deliveries: Deliveries, how: Submission): Promise<SubmitAnswer> {
  const who = actor(state, how.user);
  const open = topView(state, how.user, how.view_id);
  if (open.view.submit === null) throw new ControlError(400, 'The view has no submit button.');
  const values = fillIn(open, how.values ?? {});
  const sent = touchView(state, { ...withoutErrors(open), view: { ...open.view, state: { values } } });
  const reply = await deliveries.deliver('interactive', {
    ...envelopeOf('view_submission', who),
    trigger_id: newTrigger(state, how.user, open.view.id),
    view: sent.view,
    response_urls: responseUrls(state, sent),
  });
  return afterSubmit(state, deliveries, sent, reply);
}

/** Closes a view as the person would, with the x or the close button. */
export async function closeByPerson(
  state: State,
  deliveries: Deliveries,
  how: { user: string; view_id: string },
): Promise<Reply & { closed: string[] }> {
  const who = actor(state, how.user);
  const open = topView(state, how.user, how.view_id);
  const gone = open.view.clear_on_close ? clearStack(state, open) : [open];
  if (!open.view.clear_on_close) closeView(state, open);
  const reply = await tellClosed(deliveries, who, gone, open.view.clear_on_close);
  return { ...reply, closed: gone.map((one) => one.view.id) };
}

async function tellClosed(
  deliveries: Deliveries,
  who: ReturnType<typeof actor>,
  gone: readonly OpenView[],
  cleared: boolean,
): Promise<Reply> {
  let reply: Reply = { status: 200, body: '' };
  for (const one of gone.filter((each) => each.view.notify_on_close))
    reply = await deliveries.deliver('interactive', {
      ...envelopeOf('view_closed', who),
      view: one.view,
      is_cleared: cleared,
    });
  return reply;
}

function topView(state: State, user: string, viewId: string): OpenView {
  const open = viewOf(state, user, viewId);
  if (open.view.type !== 'modal') throw new ControlError(400, 'A home tab is neither submitted nor closed.');
  if (topOf(state, open.view.root_view_id)?.view.id !== viewId)
    throw new ControlError(400, 'Another view lies over this one.');
  return open;
}

/** The `state.values` of the submission; says what the client itself would refuse to send. */
function fillIn(open: OpenView, given: Dict): StateValues {
  const values = givenValues(open, given);
  const inputs = statefulElements(open.view.blocks).filter((one) => one.block.type === 'input');
  for (const { block, element } of inputs)
    clientCheck(block, element, values[String(block.block_id)]?.[String(element.action_id)] ?? {});
  return values;
}

function clientCheck(block: Dict, element: Dict, value: Dict): void {
  const label = asText(asDict(block.label).text) ?? '';
  if (isEmpty(value)) {
    if (block.optional !== true)
      throw new ControlError(400, `${label}: please complete this required field.`);
    return;
  }
  const { length } = asText(value.value) ?? '';
  const longest = typeof element.max_length === 'number' ? element.max_length : 3000;
  if (length > longest) throw new ControlError(400, `${label}: please enter at most ${longest} characters.`);
  if (typeof element.min_length === 'number' && length < element.min_length)
    throw new ControlError(400, `${label}: please enter at least ${element.min_length} characters.`);
}

function responseUrls(state: State, open: OpenView): Dict[] {
  return statefulElements(open.view.blocks).flatMap(({ block, element }) => {
    const chosen = open.view.state.values[String(block.block_id)]?.[String(element.action_id)];
    const channel = asText(chosen?.selected_conversation) ?? asText(chosen?.selected_channel);
    if (element.response_url_enabled !== true || channel === undefined) return [];
    const response_url = newResponseUrl(state, { channel, user: open.user });
    return [{ block_id: block.block_id, action_id: element.action_id, channel_id: channel, response_url }];
  });
}

/** What Slack does with the answer to a submission. https://docs.slack.dev/surfaces/modals#response_actions */
async function afterSubmit(
  state: State,
  deliveries: Deliveries,
  sent: OpenView,
  reply: Reply,
): Promise<SubmitAnswer> {
  if (reply.error) return { ...reply, view_id: sent.view.id, closed: false };
  // While the application thought, it may have updated the view through the Web API.
  const open = state.views.get(sent.view.id);
  if (!open) return { ...reply, closed: true };
  const body = asDict(reply.body);
  const trouble = (error: string, messages: readonly string[] = []): SubmitAnswer => ({
    ...reply,
    error,
    ...(messages.length > 0 ? { messages } : {}),
    view_id: open.view.id,
    closed: false,
  });

  switch (body.response_action) {
    case undefined: {
      if (Object.keys(body).length > 0 || (reply.body !== '' && !isDict(reply.body)))
        return trouble('invalid_response_action');
      closeView(state, open);
      const below = topOf(state, open.view.root_view_id);
      return { ...reply, closed: true, ...(below ? { view_id: below.view.id } : {}) };
    }
    case 'clear': {
      const gone = clearStack(state, open);
      await tellClosed(
        deliveries,
        actor(state, open.user),
        gone.filter((one) => one !== open),
        true,
      );
      return { ...reply, closed: true };
    }
    case 'errors': {
      const errors = inputErrors(open, body.errors);
      if (!errors) return trouble('invalid_response_action_errors');
      touchView(state, { ...open, errors });
      return { ...reply, view_id: open.view.id, closed: false };
    }
    case 'update':
    case 'push': {
      const problems = checkView(body.view, 'modal');
      if (problems.length > 0) return trouble('invalid_view', asMessages(problems));
      try {
        const view = checkedView(body.view, 'modal');
        const next =
          body.response_action === 'update' ? replaceView(state, open, view) : pushView(state, open, view);
        return { ...reply, view_id: next.view.id, closed: false };
      } catch (error) {
        if (error instanceof SlackError) return trouble(error.code, error.messages);
        throw error;
      }
    }
    default:
      return trouble('invalid_response_action');
  }
}

/** Errors are taken only for input blocks of the view, each with a text. */
function inputErrors(open: OpenView, errors: unknown): Record<string, string> | undefined {
  if (!isDict(errors)) return undefined;
  const inputs = open.view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
  const told = Object.entries(errors).flatMap(([block, text]) =>
    inputs.includes(block) && typeof text === 'string' && text !== '' ? [[block, text] as const] : [],
  );
  return told.length > 0 && told.length === Object.keys(errors).length ? Object.fromEntries(told) : undefined;
}
