import type { Choice } from '../../src/index.ts';
import type { InvokeAnswer } from './auth.ts';
import type { AdaptiveCard } from './shapes.ts';

/*
 * The answers to invokes. Teams wants HTTP 200 always, with the real status inside.
 * https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format
 */

/** A sentence, or a card in the place of the one that was pressed, for whoever pressed alone. */
export function pressAnswer(note: string | AdaptiveCard): InvokeAnswer {
  return typeof note === 'string'
    ? body({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: note })
    : body({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: note });
}

/** Choices for whoever types in an input. */
export function searchAnswer(choices: readonly Choice[]): InvokeAnswer {
  const results = choices.map(({ label, value }) => ({ title: label, value }));
  return body({
    statusCode: 200,
    type: 'application/vnd.microsoft.search.searchResponse',
    value: { results },
  });
}

/** Nothing can be made of it. */
export function failure(sentence: string): InvokeAnswer {
  const value = { code: 'BadRequest', message: sentence };
  return body({ statusCode: 400, type: 'application/vnd.microsoft.error', value });
}

/** A dialog: a card with a title, or a sentence and nothing else. */
export function dialogAnswer(content: string | { title: string; card: AdaptiveCard }): InvokeAnswer {
  if (typeof content === 'string') return body({ task: { type: 'message', value: content } });
  const { title, card } = content;
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', content: card };
  return body({ task: { type: 'continue', value: { title, width: 'medium', card: attachment } } });
}

/** The dialog closes. */
export const CLOSED: InvokeAnswer = { status: 200, body: {} };

function body(content: object): InvokeAnswer {
  return { status: 200, body: content };
}
