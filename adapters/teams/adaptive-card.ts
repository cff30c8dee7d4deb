import { type Answer, type Button, type Card, cut, type Form, type Line, type Row } from '../../src/index.ts';
import { executeAction } from './actions.ts';
import { confirmCard, formCard } from './inputs.ts';
import { assertCard, bytesOf, CARD_LIMIT_BYTES } from './limits.ts';
import type { AdaptiveCard, CardAction, CardElement } from './shapes.ts';
import { escapeText, toMarkdown } from './text.ts';

/** What a button needs to know of the desk: the dialog of a verb. */
export type FormOf = (verb: string, taskId: string) => Form | undefined;

/** Stands for a text that is empty. */
const BLANK = '—';

/** A set of actions holds no more than this. */
const ACTIONS = 5;

/** How much of a card is drawn: less and less, until it fits. */
const MEASURES = [
  { lines: 40, text: 2000 },
  { lines: 20, text: 300 },
  { lines: 6, text: 60 },
] as const;

type Measure = (typeof MEASURES)[number];

/**
 * Draws a card as an Adaptive Card 1.5, the version that every Teams client draws. Reroute and release unfold their
 * inputs inside the card, so that they need no dialog. Everything is cut until it fits, so that Teams never refuses a
 * card because of what somebody wrote into the record.
 */
export function toAdaptiveCard(card: Card, formOf: FormOf): AdaptiveCard {
  return fitted(
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
      ...card.lines.slice(0, measure.lines).map((line) => textBlock(line, measure)),
      { ...textBlock(card.footer, measure), isSubtle: true, size: 'Small' },
      ...actionSets([
        ...card.buttons.map((button) => buttonAction(button, formOf, 'primary')),
        ...card.menu.map((button) => buttonAction(button, formOf, 'secondary')),
      ]),
    ],
    card.notification,
  );
}

/** A dialog that was asked for by a typed command. */
export function toFormCard(form: Form): AdaptiveCard {
  return assertCard(
    adaptiveCard(form.title, [
      {
        type: 'TextBlock',
        text: escapeText(cut(form.title, 150)),
        weight: 'Bolder',
        size: 'Medium',
        wrap: true,
      },
      ...formCard(form).body,
    ]),
  );
}

/** An answer with a listing below it; each row with its button. */
export function toListing(answer: Answer, rows: readonly Row[], formOf: FormOf): AdaptiveCard {
  return fitted(
    (measure) => [
      { type: 'TextBlock', text: escapeText(cut(answer.sentence, measure.text)), wrap: true },
      ...rows.flatMap((row): CardElement[] => [
        { ...textBlock(row.line, measure), separator: true },
        ...actionSets(row.buttons.map((button) => buttonAction(button, formOf, 'primary'))),
      ]),
    ],
    answer.sentence,
  );
}

function fitted(draw: (measure: Measure) => CardElement[], fallbackText: string): AdaptiveCard {
  const [most, ...less] = MEASURES;
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

function textBlock(line: Line, { text }: Measure): Extract<CardElement, { type: 'TextBlock' }> {
  return { type: 'TextBlock', text: toMarkdown(line, text).trim() || BLANK, wrap: true };
}

function factSet({ facts }: Card, { text }: Measure): CardElement[] {
  if (facts.length === 0) return [];
  const drawn = facts.slice(0, 10).map((fact) => ({
    title: escapeText(cut(fact.label, Math.min(100, text))),
    value: toMarkdown(fact.value, Math.min(500, text)),
  }));
  return [{ type: 'FactSet', facts: drawn }];
}

function actionSets(actions: readonly CardAction[]): CardElement[] {
  const sets = Array.from({ length: Math.ceil(actions.length / ACTIONS) }, (_, i) =>
    actions.slice(i * ACTIONS, (i + 1) * ACTIONS),
  );
  return sets.map((some) => ({ type: 'ActionSet', actions: some }));
}

function buttonAction(button: Button, formOf: FormOf, mode: 'primary' | 'secondary'): CardAction {
  const form = button.asks ? formOf(button.verb, button.taskId) : undefined;
  if (form) return { type: 'Action.ShowCard', title: cut(button.label, 40), mode, card: formCard(form) };
  if (button.confirm)
    return {
      type: 'Action.ShowCard',
      title: cut(button.label, 40),
      mode,
      card: confirmCard(button, button.confirm),
    };
  return executeAction(button.label, button.verb, { task: button.taskId }, button.style, mode);
}
