import type { webApi } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { Answer, ChatUser, Desk, Form, Listing, Log, Question, Said } from '../../src/index.ts';
import { toNote } from './blocks.ts';
import { typedForm } from './commands.ts';
import { codeOf, toChatError } from './errors.ts';
import { assertView } from './limits.ts';
import { type Drawn, toListing, toListingWindow, toNoteWindow } from './listing.ts';
import { toModal } from './modal.ts';
import type { Spot } from './spot.ts';
import { type Ear, replace, tell } from './tell.ts';
import type { Unfurls } from './unfurl.ts';

/** Somebody who waits for an answer, and where. */
export interface Asker {
  readonly by: ChatUser;
  readonly spot: Spot;
  /** Opens one window, within 3 s; there is none any more once a dialog was submitted. */
  readonly triggerId: string | undefined;
}

/** Slack says so of a trigger that has opened its window already: the same press has come twice. */
const OPENED = 'exchanged_trigger_id';

/** Answers people where they are. Never throws: what was done is done, even when nobody could be told. */
export function createReplies(client: webApi.WebClient, desk: Desk, unfurls: Unfurls, log: Log) {
  /** Answers what came of a press or of typed words; `question` is what a listing among it answers. */
  async function reply(said: Said, question: Question, asker: Asker): Promise<void> {
    switch (said.kind) {
      case 'answer':
        return answer(said.answer, asker);
      case 'listing':
        return list(said.listing, question, asker);
      case 'dialog':
        return ask(said.form, asker);
      default:
        return said satisfies never;
    }
  }

  /** Tells the sentence, except where a card says it by itself; then draws again what does not. */
  async function answer({ kind, sentence, isUnseen }: Answer, asker: Asker): Promise<void> {
    if (kind === 'refused' || isUnseen || asker.spot.kind !== 'card') await say(sentence, asker);
    await redraw(asker);
  }

  async function say(sentence: string, asker: Asker): Promise<void> {
    if (await open(toNoteWindow(sentence), asker)) return;
    await tell(client, earOf(asker), toNote(sentence), log);
  }

  async function list(listing: Listing, question: Question, asker: Asker): Promise<void> {
    const drawn = { question, version: newVersion() };
    if (await open(toListingWindow(listing, drawn), asker)) return;
    await tell(client, earOf(asker), toListing(listing, drawn), log);
  }

  /** Opens the dialog; where it is too late for that, says what could be typed in its place. */
  async function ask(form: Form, asker: Asker): Promise<void> {
    const { triggerId, spot } = asker;
    const view = toModal(form, { ...(form.task && { task: form.task.id }), spot });
    const failed = triggerId === undefined ? '' : await put(view, triggerId, spot.kind === 'window');
    if (failed === undefined || failed === OPENED) return;
    const sentence = [form.lead, `The dialog could not be opened any more. Type ${typedForm(form)}.`]
      .filter(Boolean)
      .join(' ');
    await tell(client, earOf(asker), toNote(sentence), log);
  }

  /** Shows the listing with other rows, in the place of those that are there. */
  async function turn(question: Question, asker: Asker): Promise<void> {
    const { spot } = asker;
    const listing = await desk.ask(question, asker.by);
    if (spot.kind === 'listing' || spot.kind === 'window') await redrawListing(listing, question, asker);
    else await list(listing, question, asker);
  }

  /** Draws again what was pressed in. */
  async function redraw(asker: Asker): Promise<void> {
    const { spot, by } = asker;
    const { question, channel, unfurled } = spot;
    if (question && (spot.kind === 'listing' || spot.kind === 'window'))
      await redrawListing(await desk.ask(question, by), question, asker);
    if (spot.kind === 'unfurl' && unfurled && channel)
      await unfurls.again(channel, unfurled.ts, unfurled.link);
    if (spot.kind === 'home') await desk.openHome(by);
  }

  async function redrawListing(listing: Listing, question: Question, asker: Asker): Promise<void> {
    const { responseUrl, view } = asker.spot;
    const drawn: Drawn = { question, version: newVersion() };
    if (view !== undefined) return update(view, toListingWindow(listing, drawn));
    if (responseUrl === undefined) return tell(client, earOf(asker), toListing(listing, drawn), log);
    await replace(client, { ...earOf(asker), responseUrl }, toListing(listing, drawn), log);
  }

  /** Opens a window where a person looks at something that has no channel. */
  async function open(view: ModalView, { spot, triggerId }: Asker): Promise<boolean> {
    if (triggerId === undefined || (spot.kind !== 'home' && spot.kind !== 'window')) return false;
    const failed = await put(view, triggerId, spot.kind === 'window');
    return failed === undefined || failed === OPENED;
  }

  /** Opens a window, or puts it upon another; gives Slack's code where that failed. */
  async function put(view: ModalView, trigger_id: string, upon: boolean): Promise<string | undefined> {
    try {
      assertView(view);
      await (upon ? client.views.push({ trigger_id, view }) : client.views.open({ trigger_id, view }));
      return undefined;
    } catch (error) {
      log.warn({ err: toChatError(error, 'opening a window', false) }, 'a window did not open');
      return codeOf(error);
    }
  }

  async function update(view_id: string, view: ModalView): Promise<void> {
    try {
      assertView(view);
      await client.views.update({ view_id, view });
    } catch (error) {
      log.warn({ err: toChatError(error, 'drawing a window', false) }, 'a window stays as it is');
    }
  }

  return { reply, answer, ask, turn, redraw };
}

export type Replies = ReturnType<typeof createReplies>;

function earOf({ by, spot }: Asker): Ear {
  return { user: by.id, channel: spot.channel, responseUrl: spot.responseUrl };
}

function newVersion(): string {
  return crypto.randomUUID().slice(0, 8);
}
