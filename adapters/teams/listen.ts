import type { Activity } from 'botbuilder';
import type { ChatUser, CommandRequest, Desk, Form, FormInput, Log } from '../../src/index.ts';
import { toFormCard, toListing } from './adaptive-card.ts';
import type { InvokeAnswer } from './auth.ts';
import type { Conversations } from './conversations.ts';
import { type MessageBody, readMessage, strangersIn } from './mention.ts';
import { type Press, parseInvoke, parseSubmit } from './press.ts';
import type { Ear, Note } from './tell.ts';

export interface ListenParts {
  readonly desk: Desk;
  readonly conversations: Conversations;
  tell(ear: Ear, note: Note): Promise<void>;
  /** The Entra object id of somebody whom this person mentions, by their Teams id. */
  objectIdOf(by: ChatUser, ear: Ear, teamsId: string): Promise<string | undefined>;
  readonly log: Log;
}

/** Turns what people do in Teams into questions to the desk. */
export interface Listener {
  /** An invoke wants its answer at once; Teams wants HTTP 200 always, with the real status inside. */
  invoke(activity: Activity): Promise<InvokeAnswer>;
  /** Everything else is answered first and worked on after. */
  hear(activity: Activity): Promise<void>;
}

const REDELIVERIES_REMEMBERED = 2_000;

/** So many people of a message are looked up; a command names one. */
const MENTIONS = 3;

const UNKNOWN_BUTTON = 'This button is not known any more; nothing was done.';

export function createListener(parts: ListenParts): Listener {
  const { desk, conversations, tell, log } = parts;
  const heard = new Set<string>();

  /** Teams sends a message again when it thinks that we were too slow. */
  function isRepeated({ conversation, id }: Activity): boolean {
    if (!id) return false;
    // Ids are milliseconds, and of their conversation only.
    const key = `${conversation?.id} ${id}`;
    if (heard.has(key)) return true;
    heard.add(key);
    const [oldest] = heard;
    if (heard.size > REDELIVERIES_REMEMBERED && oldest) heard.delete(oldest);
    return false;
  }

  /** What is learned is for later; what the person wants now must not fail because of it. */
  async function learn(activity: Activity): Promise<void> {
    await conversations.learn(activity).catch((error: unknown) => {
      log.warn({ err: error }, 'where an activity came from could not be remembered');
    });
  }

  async function objectIds(
    message: MessageBody,
    by: ChatUser,
    ear: Ear,
  ): Promise<ReadonlyMap<string, string | undefined>> {
    const ids = new Map<string, string | undefined>();
    for (const id of strangersIn(message).slice(0, MENTIONS))
      ids.set(id, await parts.objectIdOf(by, ear, id));
    return ids;
  }

  async function hear(activity: Activity): Promise<void> {
    await learn(activity);
    if (activity.type !== 'message' || isRepeated(activity)) return;
    const by = userOf(activity);
    const ear = by && earOf(activity, by);
    if (!ear) return log.info({ type: activity.type }, 'a message from nobody we can know');
    const press = parseSubmit(activity.value);
    if (press) return answerSubmit(press, by, ear);
    const ids = await objectIds(activity as MessageBody, by, ear);
    const typed = readMessage(activity as MessageBody, (id) => ids.get(id));
    const said = await desk.say(typed.word, typed.text, by);
    if (said.kind === 'dialog') return tell(ear, toFormCard(await withFirstChoices(said.form, by)));
    await tell(ear, said.rows ? toListing(said.answer, said.rows, desk.form) : said.answer.sentence);
  }

  /** A search that begins with nothing shows what is offered before anybody types. */
  async function withFirstChoices(form: Form, by: ChatUser): Promise<Form> {
    const inputs = form.inputs.map(async (input) => {
      const isEmpty = input.kind === 'search' && !input.choices?.length;
      return isEmpty ? { ...input, choices: await desk.search(input.name, '', by) } : input;
    });
    return { ...form, inputs: await Promise.all(inputs) };
  }

  async function answerSubmit(press: Press, by: ChatUser, ear: Ear): Promise<void> {
    const sentence =
      press.kind === 'press' ? (await desk.run(toRequest(press, by))).sentence : UNKNOWN_BUTTON;
    await tell(ear, sentence);
  }

  async function invoke(activity: Activity): Promise<InvokeAnswer> {
    await learn(activity);
    const by = userOf(activity);
    if (!by) return toAnswer(message('Teams does not say who you are, so nothing was done.'));
    const press = parseInvoke(activity.name, activity.value);
    switch (press.kind) {
      case 'press':
        return toAnswer(message((await desk.run(toRequest(press, by))).sentence));
      case 'search': {
        const choices = await desk.search(press.input as FormInput['name'], press.words, by);
        const results = choices.map(({ label, value }) => ({ title: label, value }));
        return toAnswer({
          statusCode: 200,
          type: 'application/vnd.microsoft.search.searchResponse',
          value: { results },
        });
      }
      case 'unsupported':
        log.info({ reason: press.reason }, 'a press that means nothing');
        return toAnswer(failure('BadRequest', UNKNOWN_BUTTON));
      default:
        return press satisfies never;
    }
  }

  return { hear, invoke };
}

/** A person is a tenant and an Entra object id; names and addresses can change. */
function userOf(activity: Activity): ChatUser | undefined {
  const tenant = activity.conversation?.tenantId ?? activity.channelData?.tenant?.id;
  const id = activity.from?.aadObjectId;
  return tenant && id ? { platform: 'teams', tenant, id } : undefined;
}

function earOf(activity: Activity, by: ChatUser): Ear {
  return {
    aadObjectId: by.id,
    teamsId: activity.from.id,
    serviceUrl: activity.serviceUrl,
    conversation: activity.conversation.id,
    isPersonal: activity.conversation.conversationType === 'personal',
  };
}

function toRequest(press: Extract<Press, { kind: 'press' }>, by: ChatUser): CommandRequest {
  return { verb: press.verb, task: press.taskId, by, inputs: press.inputs };
}

function toAnswer(body: object): InvokeAnswer {
  return { status: 200, body };
}

function message(sentence: string) {
  return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: sentence };
}

function failure(code: string, sentence: string) {
  return { statusCode: 400, type: 'application/vnd.microsoft.error', value: { code, message: sentence } };
}
