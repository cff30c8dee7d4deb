import type { ActionsBlock, HomeView, KnownBlock, ModalView } from '@slack/types';
import { cut, type Listing, type Question } from '../../src/index.ts';
import { plainSection, type SlackMessage } from './blocks.ts';
import { BLANK } from './elements.ts';
import { writeQuestion } from './questions.ts';
import { fill, leftBlock } from './rows.ts';
import { escapeText } from './text.ts';

/** The action id of the button that shows other rows in the place of these. No word of the core's has a dot. */
export const TURN = 'listing.turn';

/** Separates what makes a block id new from the question that the listing answers. */
export const MARK = '|';

/** The callback id of a window that only shows something. */
export const WINDOW = 'window';

const IN_MESSAGE = 50;
const IN_VIEW = 100;
const VALUE = 2000;

/** What a listing is drawn with besides itself. */
export interface Drawn {
  /** The question that it answers, where it can be asked again. */
  readonly question: Question | undefined;
  /** Goes into the block ids: Slack wants new ones each time. */
  readonly version: string;
}

/** A listing as a message. */
export function toListing(listing: Listing, drawn: Drawn): SlackMessage {
  return {
    text: escapeText(cut(listing.sentence.trim() || BLANK, 3000)),
    blocks: toRows(listing, drawn, IN_MESSAGE),
  };
}

/** A listing as somebody's Home tab. */
export function toHome(listing: Listing, version: string): HomeView {
  return {
    type: 'home',
    callback_id: 'home',
    blocks: toRows(listing, { question: undefined, version }, IN_VIEW),
  };
}

/** A listing as a window above whatever the person looks at. */
export function toListingWindow(listing: Listing, drawn: Drawn): ModalView {
  return toWindow(toRows(listing, drawn, IN_VIEW));
}

/** A sentence as a window above whatever the person looks at. */
export function toNoteWindow(sentence: string): ModalView {
  return toWindow([plainSection(sentence)]);
}

function toWindow(blocks: KnownBlock[]): ModalView {
  return {
    type: 'modal',
    callback_id: WINDOW,
    title: { type: 'plain_text', text: 'Switchboard' },
    close: { type: 'plain_text', text: 'Close' },
    blocks,
  };
}

/** The sentence, the rows under their titles, and what turns the page; of the rows as many as fit. */
function toRows(listing: Listing, { question, version }: Drawn, room: number): KnownBlock[] {
  const turn = turnBlock(listing);
  const { blocks, left } = fill(listing.sections, room - 2 - turn.length);
  const all = [plainSection(listing.sentence), ...blocks, ...leftBlock(left), ...turn];
  const asked = question && writeQuestion(question);
  return all.map((block, i) => ({ ...block, block_id: `${version}-${i}${MARK}${asked ?? ''}` }));
}

function turnBlock({ turn }: Listing): ActionsBlock[] {
  const value = turn && writeQuestion(turn.question, VALUE);
  if (turn === undefined || value === undefined) return [];
  const text = { type: 'plain_text' as const, text: cut(turn.label.trim() || BLANK, 75), emoji: true };
  return [{ type: 'actions', elements: [{ type: 'button', action_id: TURN, text, value }] }];
}
