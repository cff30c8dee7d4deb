import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { questionOf, readQuestion, writeQuestion } from '../../../adapters/slack/questions.ts';
import { WORDS } from '../../../src/index.ts';
import { nastyText } from '../../support/unit-cards.ts';

describe('a question that a listing carries with it', () => {
  it('is read back as it was written, or not carried at all where it is too long', () => {
    const question = fc.record({
      query: fc.constantFrom(...WORDS.map(({ name }) => name)),
      words: nastyText.map((text) => text.trim()),
      page: fc.integer({ min: 1, max: 9_999 }),
    });
    fc.assert(
      fc.property(question, fc.constantFrom(200, 2000), (asked, room) => {
        const text = writeQuestion(asked, room);

        if (text === undefined) expect(asked.words.length).toBeGreaterThan(room - 30);
        else {
          expect(text.length).toBeLessThanOrEqual(room);
          expect(readQuestion(text)).toEqual(asked);
        }
      }),
    );
  });

  it.each([
    '',
    'tasks',
    'tasks 0',
    'tasks -1',
    'tasks 10000',
    'tasks one',
    'drop 1 tables',
    'TASKS 1',
    ' tasks 1',
    '{"query":"tasks"}',
  ])('is none where it was forged: %j', (text) => {
    expect(readQuestion(text)).toBeUndefined();
  });

  it('never makes the reader throw', () => {
    fc.assert(fc.property(nastyText, (text) => void readQuestion(text)));
  });

  it.each([
    ['tasks', ' cardiology ', { query: 'tasks', words: 'cardiology', page: 1 }],
    ['TASKS', '', { query: 'tasks', words: '', page: 1 }],
    ['switchboard', 'status a1b2c3', { query: 'status', words: 'a1b2c3', page: 1 }],
    ['switchboard', '/Status  a1b2c3', { query: 'status', words: 'a1b2c3', page: 1 }],
    ['switchboard', '', { query: 'help', words: '', page: 1 }],
  ])('stands behind typed words: /%s %s', (word, text, question) => {
    expect(questionOf(word, text)).toEqual(question);
  });
});
