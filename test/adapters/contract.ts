import { describe } from 'vitest';
import { describeDialogs } from '../support/contract-dialogs.ts';
import { describeDrawing } from '../support/contract-drawing.ts';
import type { Driver } from '../support/contract-driver.ts';
import { describeHome } from '../support/contract-home.ts';
import { describeListings } from '../support/contract-listings.ts';
import { describeMentions } from '../support/contract-mentions.ts';
import { describePresses } from '../support/contract-presses.ts';
import { describeRows } from '../support/contract-rows.ts';
import { describeSending } from '../support/contract-sending.ts';
import { describeTalk } from '../support/contract-talk.ts';

/** An adapter, and its platform as the sandbox plays it. */
export interface Contract {
  /** The platform's name as its people know it. */
  readonly name: string;
  open(): Promise<Driver>;
}

/** What the core may rely on, whatever the platform: the same suite for every adapter. */
export function describeAdapter({ name, open }: Contract): void {
  describe(`a card in ${name}`, () => describeDrawing(open));
  describe(`a press in ${name}`, () => describePresses(open));
  describe(`a dialog in ${name}`, () => describeDialogs(open));
  describe(`words in ${name}`, () => describeTalk(open));
  describe(`a listing in ${name}`, () => describeListings(open));
  describe(`rows of a card in ${name}`, () => describeRows(open));
  describe(`a mention in ${name}`, () => describeMentions(open));
  describe(`a Home in ${name}`, () => describeHome(open));
  describe(`what is sent to ${name}`, () => describeSending(open));
}
