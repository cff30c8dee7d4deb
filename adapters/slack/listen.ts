import type { App } from '@slack/bolt';
import { type Answer, type ChatUser, createUnderWay, type Desk, type Log } from '../../src/index.ts';
import { toListing, toNote } from './blocks.ts';
import { assertView, optionFaults } from './limits.ts';
import { type DialogMemory, parseSubmission, toModal, toSuggestions } from './modal.ts';
import { type PressBody, parsePress, parseUser } from './press.ts';
import { type Ear, tell } from './tell.ts';

/** Slack drops an interaction that is not acknowledged within 3 s; a dialog is held open for its answer until here. */
const DIALOG_PATIENCE_MS = 2_000;

/**
 * Connects what people do in Slack with the desk. Acknowledges first, works after.
 *
 * @returns a function that waits until nothing is being worked on.
 */
export function listen(app: App, desk: Desk, log: Log): () => Promise<void> {
  const underWay = createUnderWay();
  app.use(({ next }) => underWay.track(next()));

  app.action(/.*/, async ({ ack, body, client }) => {
    await ack();
    const press = parsePress(body as PressBody);
    if (press.kind === 'unsupported') return log.info({ reason: press.reason }, 'a press that means nothing');
    const user = parseUser(body);
    const ear = earOf(body, user);
    const form = desk.form(press.verb, press.taskId);
    if (form && form.inputs.length > 0) {
      const memory: DialogMemory = {
        task: press.taskId,
        fromCard: press.fromCard,
        ...(ear.channel && { channel: ear.channel }),
      };
      await openDialog(client, triggerOf(body), toModal(form, memory));
      return;
    }
    const answer = await desk.run({ verb: press.verb, task: press.taskId, by: user, inputs: {} });
    // A card answers by itself when it changes; a listing that only one person sees does not.
    if (answer.kind === 'refused' || !press.fromCard) await tell(client, ear, toNote(answer.sentence), log);
  });

  app.options(/.*/, async ({ ack, payload, body }) => {
    const input = payload.action_id === 'task' ? 'task' : 'target';
    const choices = await desk.search(input, payload.value, parseUser(body));
    const suggestions = toSuggestions(
      choices.filter((choice) => optionFaults([{ value: choice.value }]).length === 0),
    );
    await ack(suggestions);
  });

  app.view(/.*/, async ({ ack, body, view, client }) => {
    const submission = parseSubmission(view);
    if (submission === undefined) return ack();
    const { request, memory } = submission;
    const user = parseUser(body);
    const work = desk.run({ ...request, by: user });
    const soon = await Promise.race([work, patience()]);
    if (soon?.kind === 'refused' && soon.field) {
      return ack({ response_action: 'errors', errors: { [soon.field]: soon.sentence } });
    }
    await ack();
    const answer = soon ?? (await work);
    if (answer.kind === 'refused' || !memory.fromCard) {
      await tell(
        client,
        { user: user.id, channel: memory.channel, responseUrl: undefined },
        toNote(answer.sentence),
        log,
      );
    }
  });

  app.command(/.*/, async ({ ack, command, client }) => {
    await ack();
    const user: ChatUser = { platform: 'slack', tenant: command.team_id, id: command.user_id };
    const ear: Ear = { user: user.id, channel: command.channel_id, responseUrl: command.response_url };
    const said = await desk.say(command.command.replace(/^\//, ''), unescapeText(command.text ?? ''), user);
    if (said.kind === 'dialog') {
      await openDialog(
        client,
        command.trigger_id,
        toModal(said.form, { ...taskOf(said.form), channel: command.channel_id, fromCard: false }),
      );
      return;
    }
    await tell(
      client,
      ear,
      said.rows ? toListing(said.answer, said.rows) : toNote(said.answer.sentence),
      log,
    );
  });

  app.error(async (error) => {
    log.error({ err: error }, 'Slack: an interaction failed');
  });

  return underWay.idle;
}

type Client = App['client'];

async function openDialog(
  client: Client,
  triggerId: string | undefined,
  view: ReturnType<typeof toModal>,
): Promise<void> {
  if (triggerId === undefined) return;
  assertView(view);
  await client.views.open({ trigger_id: triggerId, view });
}

function taskOf(form: { task: { id: string } | undefined }): Pick<DialogMemory, 'task'> {
  return form.task ? { task: form.task.id } : {};
}

function patience(): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), DIALOG_PATIENCE_MS).unref();
  });
}

function triggerOf(body: object): string | undefined {
  return 'trigger_id' in body && typeof body.trigger_id === 'string' ? body.trigger_id : undefined;
}

function earOf(body: object, user: ChatUser): Ear {
  const channel = 'channel' in body ? (body.channel as { id?: string } | undefined)?.id : undefined;
  const responseUrl = 'response_url' in body ? (body.response_url as string | undefined) : undefined;
  return { user: user.id, channel, responseUrl };
}

/** What was typed: Slack writes mentions as `<@U123|name>` and escapes three signs. */
function unescapeText(text: string): string {
  return text
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, 'user:$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
