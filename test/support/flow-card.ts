import type { SlackEphemeral, SlackMessage } from '../../sandbox/slack/index.ts';

type Shown = Pick<SlackMessage | SlackEphemeral, 'blocks'>;

/** The labels of what can be pressed: buttons first, then what stands in menus. */
export function buttonsOf(message: Shown): string[] {
  return [
    ...found(message.blocks, (one) => one.type === 'button').map((one) => words(one.text)),
    ...found(message.blocks, (one) => one.type === 'overflow').flatMap((menu) =>
      found(menu.options, (one) => 'value' in one).map((option) => words(option.text)),
    ),
  ];
}

/** Everything that a reader sees of a message, without its buttons. */
export function wordsOf(message: Shown): string {
  const blocks = Array.isArray(message.blocks) ? message.blocks : [];
  return blocks
    .filter((block) => block.type !== 'actions')
    .flatMap((block) => found(block, (one) => typeof one.text === 'string'))
    .map((one) => String(one.text))
    .join('\n');
}

type Dict = Record<string, unknown>;

/** Every object in there for which it is true, in order. */
function found(value: unknown, wanted: (one: Dict) => boolean): Dict[] {
  if (Array.isArray(value)) return value.flatMap((one) => found(one, wanted));
  if (typeof value !== 'object' || value === null) return [];
  const one = value as Dict;
  const inside = Object.values(one).flatMap((part) => found(part, wanted));
  return wanted(one) ? [one, ...inside] : inside;
}

function words(text: unknown): string {
  return typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : '';
}
