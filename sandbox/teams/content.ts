import { asDicts, asText, type Dict, isDict } from '../dict.ts';
import { CARD_TYPE, checkCard } from './card-check.ts';
import { badArgument, messageTooBig } from './errors.ts';
import type { TeamsMessage } from './types.ts';

// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
const SIZE_LIMIT = 100 * 1024;

/** The part of a message that its sender writes. */
export type Content = Pick<TeamsMessage, 'text' | 'attachments'> &
  Partial<Pick<TeamsMessage, 'textFormat' | 'summary' | 'entities'>>;

/** The content of an activity, as far as Teams takes it; throws what the connector would say otherwise. */
export function readContent(activity: Dict): Content {
  if (JSON.stringify(activity).length * 2 > SIZE_LIMIT) throw messageTooBig();
  const text = asText(activity.text) ?? '';
  const attachments = activity.attachments ?? [];
  if (!Array.isArray(attachments)) throw badArgument('attachments must be an array.');
  for (const attachment of attachments) checkAttachment(attachment);
  if (!text && attachments.length === 0) throw badArgument('The message has neither text nor attachments.');
  const entities = asDicts(activity.entities);
  const [textFormat, summary] = [asText(activity.textFormat), asText(activity.summary)];
  return {
    text,
    attachments: asDicts(attachments),
    ...(textFormat ? { textFormat } : {}),
    ...(summary ? { summary } : {}),
    ...(entities.length > 0 ? { entities } : {}),
  };
}

function checkAttachment(attachment: unknown): void {
  if (!isDict(attachment)) throw badArgument('An attachment must be an object.');
  if (attachment.contentType !== CARD_TYPE)
    throw badArgument(`Attachments of ${String(attachment.contentType)} are not played here.`);
  const [problem] = checkCard(attachment.content);
  if (problem) throw badArgument(`The adaptive card is not valid: ${problem}`);
}

/** Teams makes two messages of a text with a card. https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability */
export function split({ text, attachments, ...more }: Content): Content[] {
  if (!text || attachments.length === 0) return [{ text, attachments, ...more }];
  return [
    { text, attachments: [], ...more },
    { text: '', attachments, ...more },
  ];
}
