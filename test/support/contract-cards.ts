import type { Communication } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { reminderCard } from '../../src/cards/reminder-card.ts';
import { closingCard, goneCard, taskCard } from '../../src/cards/task-card.ts';
import type { Card, PostKey } from '../../src/index.ts';
import type { Privacy } from '../../src/routing/pools.ts';
import { REASONS } from '../../src/routing/reasons.ts';
import { tasks } from './arbitraries.ts';
import { deed, drawingOf } from './pure-cards.ts';
import { ANA, BEN, STANDING_TASKS, STANDINGS, TASK_ID } from './pure-clinic.ts';
import { nastyText } from './unit-cards.ts';

const PRIVACIES: readonly Privacy[] = ['none', 'initials', 'full'];

/** Names one post. */
export const KEY: PostKey = { task: TASK_ID, card: 'card-1' };

const message = (words: string): Communication => ({
  resourceType: 'Communication',
  status: 'in-progress',
  payload: [{ contentString: words }],
});

const [REASON] = REASONS;

/** Every kind of card at every level of privacy. */
export const CARDS: readonly { readonly kind: string; readonly card: Card }[] = PRIVACIES.flatMap(
  (privacy) => [
    ...STANDINGS.map((standing) => {
      const drawing = drawingOf({
        task: STANDING_TASKS[standing],
        provenances: [deed('claim', ANA)],
        message: message('My pressure is 150 over 95.'),
        taskLink: 'https://app.example/Task/{id}',
      });
      return { kind: `${standing}, ${privacy}`, card: taskCard(drawing, privacy) };
    }),
    {
      kind: `closing, ${privacy}`,
      card: closingCard(drawingOf({ provenances: [deed('reroute', BEN, REASON)] }), privacy),
    },
    { kind: `gone, ${privacy}`, card: goneCard(TASK_ID) },
  ],
).concat(
  (['assigned', 'claimed'] as const).map((standing) => ({
    kind: `a reminder, ${standing}`,
    card: reminderCard(drawingOf({ task: STANDING_TASKS[standing] }), {
      number: 1,
      of: 2,
      occasion: 'reminder 1',
    }),
  })),
);

/** The card of a Task that waits, on which nothing but this verb or query is offered. */
export function cardOffering(word: string): Card {
  const button = { verb: word, label: word, taskId: TASK_ID, asks: false };
  return { ...taskCard(drawingOf(), 'none'), buttons: [button], menu: [] };
}

/** Every button and menu entry that any of these cards has, once. */
export const OFFERS = STANDINGS.flatMap((standing) => {
  const card = taskCard(drawingOf({ task: STANDING_TASKS[standing] }), 'none');
  return [...card.buttons, ...card.menu].map(({ verb }) => ({ standing, verb, card }));
});

/** The card of a Task that waits. */
export const WAITING = taskCard(drawingOf(), 'none');

/** Cards of Tasks as a record may hold them, with all of their words as people may write them. */
export const anyTaskCard: fc.Arbitrary<Card> = fc
  .record({
    task: tasks,
    privacy: fc.constantFrom(...PRIVACIES),
    words: nastyText,
    verb: fc.constantFrom('claim', 'accept', 'release', 'reroute', 'complete'),
    by: fc.constantFrom(ANA, BEN),
    isClosing: fc.boolean(),
  })
  .map(({ task, privacy, words, verb, by, isClosing }) => {
    const drawing = drawingOf({
      task: { ...task, code: { text: words }, for: { display: words } },
      provenances: [deed(verb, by, REASON)],
      message: message(words),
      taskLink: 'https://app.example/Task/{id}',
    });
    return isClosing ? closingCard(drawing, privacy) : taskCard(drawing, privacy);
  });

/** What a platform might take for its own markup. */
const MARKUP = [
  '{{DATE(2026-11-23T08:00:00Z,SHORT)}}',
  '{',
  '{DATE(2026-11-23T08:00:00Z)}}',
  '<at>Everybody</at>',
  '<',
  '<!channel>',
  '<@U0BEN>',
  '!channel>',
  '<https://evil.example|here>',
  '[here](https://evil.example)',
  '](https://evil.example)',
  '**loud** __loud__ ~~gone~~ `code`',
  '# Big',
  '\n- one\n+ two\n3. three\n4) four',
  '\n1',
  '. one',
  '&lt;at&gt;&#42;',
];

const markupText = fc
  .array(fc.oneof(fc.constantFrom(...MARKUP), fc.string({ maxLength: 5 })), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));

/** Cards in which nothing is emphasised, linked or dated by us: whatever looks like it came from the record. */
export const plainWordsCard: fc.Arbitrary<Card> = fc.record({
  title: markupText,
  facts: fc.array(fc.record({ label: markupText, value: fc.array(markupText, { maxLength: 3 }) }), {
    maxLength: 3,
  }),
  lines: fc.array(fc.array(markupText, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
  rows: fc.array(
    fc.record({ line: fc.array(markupText, { minLength: 1, maxLength: 3 }), buttons: fc.constant([]) }),
    { maxLength: 3 },
  ),
  footer: fc.array(markupText, { minLength: 1, maxLength: 3 }),
  buttons: fc.constant([]),
  menu: fc.constant([]),
  notification: markupText,
});
