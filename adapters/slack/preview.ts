import type { webApi } from '@slack/bolt';
import type { AnyBlock, ContextBlock, ModalView, PlainTextElement } from '@slack/types';
import { type ChatUser, cut, type Desk, type Log } from '../../src/index.ts';
import { codeOf, toChatError } from './errors.ts';
import { assertView } from './limits.ts';
import { type DialogView, parseSubmission } from './submission.ts';

/** The block that says what the choice of a target would mean. */
const PREVIEW = 'preview';
const TEXT = 2000;

/** A dialog in which something was chosen, as Slack describes it. */
export interface OpenDialog extends DialogView {
  readonly id: string;
  readonly hash: string;
  readonly blocks: AnyBlock[];
  readonly title: PlainTextElement;
  readonly submit: PlainTextElement | null;
  readonly close: PlainTextElement | null;
}

/** What is under way for one dialog. */
interface Turn {
  /** The newest choice counts, whichever is understood first. */
  newest: number;
  /** Slack's hash of the dialog as we drew it last. */
  hash: string | undefined;
  /** Once it is submitted, a preview has nothing to say any more. */
  submitted: boolean;
  pending: number;
  /** One drawing after the other, each with the hash that the one before it left. */
  drawing: Promise<void>;
}

/** Shows in a dialog what its choices would mean, before it is submitted. */
export function createPreviews(client: webApi.WebClient, desk: Desk, log: Log) {
  const turns = new Map<string, Turn>();

  async function chosen(view: OpenDialog, by: ChatUser): Promise<void> {
    const { task, inputs } = parseSubmission(view)?.request ?? {};
    if (!task || !inputs?.target) return;
    const turn = turns.get(view.id) ?? newTurn();
    turns.set(view.id, turn);
    const mine = ++turn.newest;
    turn.submitted = false;
    turn.pending++;
    try {
      const sentences = await desk.preview(task, inputs.target, by);
      turn.drawing = turn.drawing.then(async () => {
        if (turn.newest === mine && !turn.submitted) await show(view, sentences, turn);
      });
      await turn.drawing;
    } finally {
      if (--turn.pending === 0) turns.delete(view.id);
    }
  }

  async function show(view: OpenDialog, sentences: readonly string[], turn: Turn): Promise<void> {
    const drawn = withPreview(view, sentences);
    try {
      assertView(drawn);
      const { view: now } = await client.views.update({
        view_id: view.id,
        hash: turn.hash ?? view.hash,
        view: drawn,
      });
      turn.hash = now?.hash;
    } catch (error) {
      // Closed, or drawn anew by somebody else meanwhile: what the person did since then counts.
      if (['not_found', 'hash_conflict'].includes(codeOf(error))) return;
      log.warn({ err: toChatError(error, 'showing a preview', false) }, 'a preview could not be shown');
    }
  }

  return {
    chosen,
    /** The dialog was submitted: whatever is still under way for it must not draw over the answer. */
    submitted: (viewId: string): void => {
      const turn = turns.get(viewId);
      if (turn) turn.submitted = true;
    },
  };
}

function newTurn(): Turn {
  return { newest: 0, hash: undefined, submitted: false, pending: 0, drawing: Promise.resolve() };
}

/**
 * The dialog with what its choice would mean below the target. Every input keeps its block and its action id: that is
 * how Slack keeps what is filled in.
 */
export function withPreview(view: OpenDialog, sentences: readonly string[]): ModalView {
  const { callback_id, private_metadata, title, submit, close } = view;
  return {
    type: 'modal',
    callback_id,
    private_metadata,
    title,
    ...(submit && { submit }),
    ...(close && { close }),
    blocks: view.blocks
      .filter(({ block_id }) => block_id !== PREVIEW)
      .flatMap((block) => (block.block_id === 'target' ? [block, ...previewBlock(sentences)] : [block])),
  };
}

function previewBlock(sentences: readonly string[]): ContextBlock[] {
  const text = cut(sentences.join('\n').trim(), TEXT);
  if (text === '') return [];
  return [{ type: 'context', block_id: PREVIEW, elements: [{ type: 'plain_text', text, emoji: false }] }];
}
