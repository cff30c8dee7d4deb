import { asDict, asDicts, asText, type Dict, isDict } from '../dict.ts';
import { checkCard } from './card-check.ts';
import { UNREACHABLE } from './deliver.ts';
import type { Reply } from './types.ts';

const PREFIX = 'application/vnd.microsoft.';

/** What the person sees after an Action.Execute. */
export type Shown =
  | { readonly kind: 'card'; readonly card: Dict }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

export interface Choice {
  readonly title: string;
  readonly value: string;
}

/** The HTTP answer of an Action.Execute. https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format */
export function readActionAnswer(reply: Reply): Shown {
  const problem = refusedBy(reply);
  if (problem !== undefined) return failure('Unreachable', problem);
  const { statusCode, type, value } = asDict(reply.body);
  switch (type) {
    case `${PREFIX}card.adaptive`: {
      const [objection] = checkCard(value);
      if (statusCode !== 200 || !isDict(value))
        return failure('BadAnswer', 'A card comes with statusCode 200.');
      return objection === undefined ? { kind: 'card', card: value } : failure('BadCard', objection);
    }
    case `${PREFIX}activity.message`:
      if (statusCode !== 200 || typeof value !== 'string')
        return failure('BadAnswer', 'A message is a text with statusCode 200.');
      return { kind: 'message', text: value };
    case `${PREFIX}error`: {
      const { code, message } = asDict(value);
      return failure(
        asText(code) ?? 'BadAnswer',
        asText(message) ?? 'Something went wrong. Please try again.',
      );
    }
    default:
      return failure('BadAnswer', `Nothing can be made of the type ${String(type)}.`);
  }
}

/** The HTTP answer of an `application/search`. https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/dynamic-search */
export function readSearchAnswer(reply: Reply): readonly Choice[] | string {
  const problem = refusedBy(reply);
  if (problem !== undefined) return problem;
  const { statusCode, type, value } = asDict(reply.body);
  if (statusCode !== 200)
    return asText(asDict(value).message) ?? `The search failed with ${String(statusCode)}.`;
  const { results } = asDict(value);
  if (type !== `${PREFIX}search.searchResponse` || !Array.isArray(results))
    return 'The answer is no search result.';
  return asDicts(results).flatMap(({ title, value }) =>
    typeof title === 'string' && typeof value === 'string' ? [{ title, value }] : [],
  );
}

/** What a dialog's invoke leads to. https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots */
export type DialogAnswer =
  | { readonly kind: 'open'; readonly title: string; readonly card: Dict }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'error'; readonly message: string };

export function readDialogAnswer(reply: Reply): DialogAnswer {
  const problem = refusedBy(reply);
  if (problem !== undefined) return { kind: 'error', message: problem };
  if (isDict(asDict(reply.body).composeExtension))
    return { kind: 'error', message: 'What goes into the compose box is not played here.' };
  const { type, value } = asDict(asDict(reply.body).task);
  if (type === undefined) return { kind: 'closed' };
  if (type === 'message') return { kind: 'message', text: asText(value) ?? '' };
  const { title, card } = asDict(value);
  const { content } = asDict(card);
  const [objection] = checkCard(content);
  if (type !== 'continue' || !isDict(content))
    return { kind: 'error', message: 'The answer opens no dialog.' };
  return objection === undefined
    ? { kind: 'open', title: asText(title) ?? '', card: content }
    : { kind: 'error', message: objection };
}

// Teams wants 200 always, whatever the answer says inside.
function refusedBy({ status, error }: Reply): string | undefined {
  return error ?? (status === 200 ? undefined : UNREACHABLE);
}

const failure = (code: string, message: string): Shown => ({ kind: 'error', code, message });
