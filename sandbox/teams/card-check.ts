import { createRequire } from 'node:module';
import { asDict, asDicts, type Dict, isDict } from '../dict.ts';

// The module entry of adaptivecards needs a bundler, the built file does not.
const { AdaptiveCard, SerializationContext, Version }: typeof import('adaptivecards') = createRequire(
  import.meta.url,
)('adaptivecards/dist/adaptivecards.min.js');

export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';
const VERSION = '1.5';
const MOST_REFRESH_USERS = 60;

// A field of 1.6 that Teams documents for its 1.5 cards all the same.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/dynamic-search
const ALLOWED = /^Property "choices\.data" is supported in version 1\.6/;

/** What Teams would object to in a card, a sentence each; empty when it would take it. */
export function checkCard(card: unknown): string[] {
  if (!isDict(card)) return ['The content of an adaptive card must be an object.'];
  return [...lint(card), ...validate(card)];
}

/** What the renderer does not object to. */
function lint(card: Dict): string[] {
  const problems: string[] = [];
  if (card.type !== 'AdaptiveCard') problems.push(`The type must be AdaptiveCard, not ${String(card.type)}.`);
  if (card.version !== VERSION) problems.push(`The version must be ${VERSION}, not ${String(card.version)}.`);
  if (!Array.isArray(card.body) || asDicts(card.body).length !== card.body.length)
    problems.push('The body must be an array of elements.');
  const { userIds } = asDict(card.refresh);
  if (Array.isArray(userIds) && userIds.length > MOST_REFRESH_USERS)
    problems.push(`refresh.userIds has ${userIds.length} ids; ${MOST_REFRESH_USERS} are allowed.`);
  return [...problems, ...textless(card)];
}

/** Text blocks and facts without their text: the renderer shows nothing, Teams shows no card. */
function textless(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textless);
  if (!isDict(value)) return [];
  const own =
    value.type === 'TextBlock' && typeof value.text !== 'string' ? ['A TextBlock has no text.'] : [];
  return [...own, ...Object.values(value).flatMap(textless)];
}

function validate(card: Dict): string[] {
  const context = new SerializationContext(new Version(1, 5));
  const parsed = new AdaptiveCard();
  parsed.parse(card, context);
  const events = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i).message);
  const later = parsed.validateProperties().validationEvents.map(({ message }) => message);
  return [...events, ...later].filter((message) => !ALLOWED.test(message));
}
