import { plainText } from './html.ts';

/** The message that somebody chose, as far as it matters to a note. */
export interface ChosenMessage {
  /** What it says; nothing where it is only a card or a picture. */
  readonly text: string;
  /** The Task whose card it is, where it is one of ours. */
  readonly taskId: string | undefined;
}

type Dict = Readonly<Record<string, unknown>>;

/**
 * Reads the `messagePayload` of a message action.
 * https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/action-commands/define-action-command
 *
 * @param us the bot's own id, `28:<app id>`: the cards of other apps are none of our business.
 */
export function readChosen(payload: unknown, us: string | undefined): ChosenMessage {
  const message = asDict(payload);
  const { content, contentType } = asDict(message.body);
  const text =
    typeof content !== 'string' ? '' : contentType === 'text' ? content.trim() : plainText(content);
  const { id } = asDict(asDict(message.from).application);
  const isOurs = typeof id === 'string' && us !== undefined && us === `28:${id}`;
  const attachments = Array.isArray(message.attachments) ? message.attachments : [];
  return { text, taskId: isOurs ? attachments.map(taskOf).find((task) => task !== undefined) : undefined };
}

/** The Task that the buttons of a card are about, where all of them are about one; a card of rows is about none. */
function taskOf(attachment: unknown): string | undefined {
  const { content } = asDict(attachment);
  const card = typeof content === 'string' ? parse(content) : content;
  const data = dataIn(card);
  const tasks = new Set(
    data.flatMap(({ task }) => (typeof task === 'string' && ID.test(task) ? [task] : [])),
  );
  const [only] = tasks;
  return tasks.size === 1 && data.every(({ among }) => among === undefined) ? only : undefined;
}

/** http://hl7.org/fhir/R4/datatypes.html#id */
const ID = /^[A-Za-z0-9.-]{1,64}$/;

/** What goes with each press in a card. */
function dataIn(value: unknown): Dict[] {
  if (Array.isArray(value)) return value.flatMap(dataIn);
  if (typeof value !== 'object' || value === null) return [];
  const { data, ...parts } = value as Dict;
  return [asDict(data), ...Object.values(parts).flatMap(dataIn)];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asDict(value: unknown): Dict {
  return typeof value === 'object' && value !== null ? (value as Dict) : {};
}
