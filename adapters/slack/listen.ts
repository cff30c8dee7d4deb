import type { App, MessageShortcut, webApi } from '@slack/bolt';
import {
  type Answer,
  type ChatUser,
  createRepeats,
  createUnderWay,
  type Desk,
  type Log,
  type Memory,
  TAKEN_UP,
} from '../../src/index.ts';
import { toNoteWindow } from './listing.ts';
import { isCard } from './metadata.ts';
import { toSuggestions } from './modal.ts';
import { ADD_NOTE, NOTE, type NotedMessage, taskOf } from './note.ts';
import { type Press, type PressBody, parsePress, parseUser } from './press.ts';
import { createPreviews, type OpenDialog } from './preview.ts';
import { questionOf } from './questions.ts';
import { type Asker, createReplies } from './reply.ts';
import { spotOf } from './spot.ts';
import { parseSubmission } from './submission.ts';
import { readMessage, readTyped } from './text.ts';
import { createUnfurls } from './unfurl.ts';

/** Slack drops an interaction that is not acknowledged within 3 s; a dialog is held open for its answer until here. */
const DIALOG_PATIENCE_MS = 2_000;

/** A signed request is good for five minutes, and may be dated five minutes ahead. */
const REPEATED_MS = 15 * 60_000;

/** A dialog that was opened before an update may remember other things than we read. */
const UNKNOWN = 'This dialog is from before an update; nothing was done. Please open it again.';

/**
 * Connects what people do in Slack with the desk. Acknowledges first, works after.
 *
 * @param client with our token; Bolt's own has none, because Bolt is told who we are by each authorization.
 * @returns a function that waits until nothing is being worked on.
 */
export function listen(
  app: App,
  client: webApi.WebClient,
  desk: Desk,
  memory: Memory,
  log: Log,
): () => Promise<void> {
  const underWay = createUnderWay();
  const unfurls = createUnfurls(client, desk, log);
  const replies = createReplies(client, desk, unfurls, log);
  const previews = createPreviews(client, desk, log);
  const repeats = { memory, forMs: REPEATED_MS, log };
  const acted = createRepeats<void>(repeats);
  const submitted = createRepeats<Answer>(repeats);
  app.use(({ next }) => underWay.track(next()));

  /** Works on what was acknowledged, once; whether it came before is asked while the acknowledgement is on its way. */
  async function once(
    key: string | undefined,
    acked: Promise<void>,
    work: () => Promise<void>,
  ): Promise<void> {
    const afterwards = async () => {
      await acked;
      await work();
    };
    await Promise.all([acked, acted.once(key, afterwards)]);
  }

  app.action(/.*/, async ({ ack, body }) => {
    const acked = ack();
    const by = parseUser(body);
    // What is chosen in a dialog comes as an action too, long before its submission.
    const dialog = dialogIn(body);
    if (dialog) {
      await acked;
      return previews.chosen(dialog, by);
    }
    const pressed = body as PressBody;
    const asker: Asker = { by, spot: spotOf(pressed), triggerId: pressed.trigger_id };
    await once(pressed.trigger_id, acked, () => act(parsePress(pressed), asker));
  });

  async function act(press: Press, asker: Asker): Promise<void> {
    switch (press.kind) {
      case 'press': {
        const { word, taskId } = press;
        const question = { query: word, words: taskId, page: 1 };
        return replies.reply(await desk.press(word, taskId, asker.by), question, asker);
      }
      case 'turn':
        return replies.turn(press.question, asker);
      case 'unsupported':
        return log.info({ reason: press.reason }, 'a press that means nothing');
      default:
        return press satisfies never;
    }
  }

  app.options(/.*/, async ({ ack, payload, body }) => {
    const input = payload.action_id === 'task' ? 'task' : 'target';
    await ack(toSuggestions(await desk.search(input, payload.value, parseUser(body))));
  });

  app.view(/.*/, async ({ ack, body, view }) => {
    const submission = parseSubmission(view);
    if (submission === undefined) return ack({ response_action: 'update', view: toNoteWindow(UNKNOWN) });
    previews.submitted(view.id);
    const by = parseUser(body);
    const { spot } = submission.memory;
    const isWindow = spot.kind === 'home' || spot.kind === 'window';
    const run = submitted.once(triggerOf(body), () => desk.run({ ...submission.request, by }));
    const ran = await Promise.race([run, patience()]);
    if (ran?.kind === 'elsewhere')
      return isWindow ? ack({ response_action: 'update', view: toNoteWindow(TAKEN_UP) }) : ack();
    const soon = ran?.result;
    const field = soon?.kind === 'refused' ? soon.field : undefined;
    if (soon && field && view.blocks.some(({ block_id }) => block_id === field)) {
      return ack({ response_action: 'errors', errors: { [field]: soon.sentence } });
    }
    if (soon && isWindow) await ack({ response_action: 'update', view: toNoteWindow(soon.sentence) });
    else await ack();
    const done = await run;
    if (done.kind !== 'first') return;
    const asker: Asker = { by, spot, triggerId: undefined };
    if (soon && isWindow) await replies.redraw(asker);
    else await replies.answer(done.result, asker);
  });

  app.command(/.*/, async ({ ack, command }) => {
    const acked = ack();
    const by: ChatUser = { platform: 'slack', tenant: command.team_id, id: command.user_id };
    const word = command.command.replace(/^\//, '');
    const text = readTyped(command.text ?? '');
    const { channel_id: channel, response_url: responseUrl, trigger_id: triggerId } = command;
    const asker: Asker = { by, spot: { kind: 'typed', channel, responseUrl }, triggerId };
    const say = async () => replies.reply(await desk.say(word, text, by), questionOf(word, text), asker);
    await once(triggerId, acked, say);
  });

  app.shortcut({ type: 'message_action', callback_id: ADD_NOTE }, async ({ ack, shortcut }) => {
    await once(shortcut.trigger_id, ack(), () => openNote(shortcut));
  });

  async function openNote(shortcut: MessageShortcut): Promise<void> {
    const message: NotedMessage = shortcut.message;
    const { channel, response_url: responseUrl, trigger_id: triggerId } = shortcut;
    const task = await taskOf(client, channel.id, message);
    // What a card says is in the record already.
    const note = isCard(message) ? '' : readMessage(message.text ?? '').trim();
    const form = desk.form(NOTE, task, note === '' ? {} : { note });
    if (form === undefined) return log.error({ verb: NOTE }, 'there is no dialog for a note');
    const asker: Asker = {
      by: parseUser(shortcut),
      spot: { kind: 'typed', channel: channel.id, responseUrl },
      triggerId,
    };
    await replies.ask(form, asker);
  }

  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return;
    await desk.openHome({ platform: 'slack', tenant: body.team_id, id: event.user });
  });

  app.event('link_shared', ({ event }) => unfurls.shared(event));

  app.error(async (error) => {
    log.error({ err: error }, 'Slack: an interaction failed');
  });

  return underWay.idle;
}

/** The dialog in which something was chosen; a window that only shows something has no inputs. */
function dialogIn(body: object): OpenDialog | undefined {
  const view = 'view' in body ? (body.view as (OpenDialog & { type: string }) | undefined) : undefined;
  return view?.type === 'modal' && view.blocks.some(({ type }) => type === 'input') ? view : undefined;
}

function triggerOf(body: object): string | undefined {
  return 'trigger_id' in body && typeof body.trigger_id === 'string' ? body.trigger_id : undefined;
}

function patience(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), DIALOG_PATIENCE_MS).unref();
  });
}
