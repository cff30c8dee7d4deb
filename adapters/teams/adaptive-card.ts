import { type Button, type Card, cut, type Form } from '../../src/index.ts';
import type { ActionData } from './actions.ts';
import { actionSets, BLANK, heading, plainAction, textBlock } from './elements.ts';
import { CHOICES, formBody, formCard } from './inputs.ts';
import { assertCard, bytesOf, CARD_LIMIT_BYTES } from './limits.ts';
import { leftBlock, rowElements } from './rows.ts';
import type { AdaptiveCard, CardAction, CardElement } from './shapes.ts';
import { escapeText, toMarkdown } from './text.ts';

/** What a button needs to know of the desk: the dialog of a verb. */
export type FormOf = (verb: string, taskId: string) => Form | undefined;

/** How much of a card is drawn: less and less, until it fits. */
export interface Measure {
  readonly lines: number;
  readonly text: number;
  readonly rows: number;
  /** How many choices stand in each input; the others come as the person types. */
  readonly choices: number;
  /** Whether forms unfold inside the card; else a press brings them in a message of its own. */
  readonly unfolds: boolean;
}

const MEASURES: readonly [Measure, ...Measure[]] = [
  { lines: 40, text: 2000, rows: 0, choices: CHOICES, unfolds: true },
  { lines: 20, text: 300, rows: 0, choices: CHOICES, unfolds: true },
  { lines: 6, text: 60, rows: 0, choices: 15, unfolds: true },
  { lines: 6, text: 60, rows: 0, choices: 0, unfolds: false },
];

/** Rows lose words before any row is left out, but not what their Task is and since when it waits. */
const MEASURES_WITH_ROWS: readonly [Measure, ...Measure[]] = [
  { lines: 40, text: 2000, rows: 100, choices: CHOICES, unfolds: true },
  { lines: 20, text: 300, rows: 100, choices: 0, unfolds: false },
  ...[100, 30, 20, 15, 12, 9, 6, 3, 0].map((rows) => ({
    lines: 14,
    text: 160,
    rows,
    choices: 0,
    unfolds: false,
  })),
  { lines: 6, text: 60, rows: 0, choices: 0, unfolds: false },
];

/** Goes with every press in a card of rows: it is about several Tasks, also where it has a single row. */
const AMONG_ROWS: ActionData = { among: 'rows' };

/**
 * Draws a card as an Adaptive Card 1.5, the version that every Teams client draws. What must be told something unfolds
 * its inputs inside the card, so that it needs no dialog. Everything is cut until it fits, so that Teams never refuses
 * a card because of what somebody wrote into the record.
 */
export function toAdaptiveCard(card: Card, formOf: FormOf): AdaptiveCard {
  return fitted(
    card.rows ? MEASURES_WITH_ROWS : MEASURES,
    (measure) => [
      {
        type: 'TextBlock',
        text: escapeText(cut(card.title.trim() || BLANK, Math.min(150, measure.text))),
        size: 'Large',
        weight: 'Bolder',
        wrap: true,
        style: 'heading',
      },
      ...factSet(card, measure),
      ...card.lines.slice(0, measure.lines).map((line) => textBlock(line, measure.text)),
      ...rowsOf(card, measure),
      { ...textBlock(card.footer, measure.text), isSubtle: true, size: 'Small' },
      ...actionSets([
        ...card.buttons.map((button) => cardAction(button, card, formOf, measure, 'primary')),
        ...card.menu.map((button) => cardAction(button, card, formOf, measure, 'secondary')),
      ]),
    ],
    card.notification,
  );
}

/** A dialog as a message of its own, for whoever has to fill it in. */
export function toFormCard(form: Form): AdaptiveCard {
  const { body } = formCard(form, 'own');
  return assertCard(adaptiveCard(form.title, [heading(form.title), ...body]));
}

/** A dialog as Teams opens one above everything: its title stands in its frame. */
export function toDialogCard(form: Form, action: CardAction): AdaptiveCard {
  return assertCard(adaptiveCard(form.title, formBody(form, [action])));
}

/** What stands in the place of a form that was filled in. */
export function toSentenceCard(sentence: string): AdaptiveCard {
  return assertCard(
    adaptiveCard(sentence, [
      { type: 'TextBlock', text: escapeText(cut(sentence, 2000)) || BLANK, wrap: true },
    ]),
  );
}

/** Draws less and less until it fits. */
export function fitted<M>(
  measures: readonly [M, ...M[]],
  draw: (measure: M) => CardElement[],
  fallbackText: string,
): AdaptiveCard {
  const [most, ...less] = measures;
  let card = adaptiveCard(fallbackText, draw(most));
  for (const measure of less)
    if (bytesOf(card) > CARD_LIMIT_BYTES) card = adaptiveCard(fallbackText, draw(measure));
  return assertCard(card);
}

function adaptiveCard(fallbackText: string, body: CardElement[]): AdaptiveCard {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    fallbackText: cut(fallbackText, 300),
    msteams: { width: 'Full' },
    body,
  };
}

function factSet({ facts }: Card, { text }: Measure): CardElement[] {
  if (facts.length === 0) return [];
  const drawn = facts.slice(0, 10).map((fact) => ({
    title: escapeText(cut(fact.label, Math.min(100, text))),
    value: toMarkdown(fact.value, Math.min(500, text)),
  }));
  return [{ type: 'FactSet', facts: drawn }];
}

function rowsOf({ rows = [] }: Card, { rows: most, text }: Measure): CardElement[] {
  const shown = rows.slice(0, most);
  return [
    ...shown.flatMap((row) => rowElements(row, AMONG_ROWS, text)),
    ...leftBlock(rows.length - shown.length),
  ];
}

function cardAction(
  button: Button,
  { rows }: Card,
  formOf: FormOf,
  { choices, unfolds }: Measure,
  mode: 'primary' | 'secondary',
): CardAction {
  const form = button.asks && unfolds ? formOf(button.verb, button.taskId) : undefined;
  if (!form) return plainAction(button, { task: button.taskId, ...(rows && AMONG_ROWS) }, mode);
  return {
    type: 'Action.ShowCard',
    title: cut(button.label, 40),
    mode,
    card: formCard(form, 'card', choices),
  };
}
