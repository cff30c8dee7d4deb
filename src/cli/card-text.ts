import type { Button, Card, Inline, Line, Row } from '../cards/card.ts';
import { localDay, localTime } from '../clock/times.ts';

/**
 * A card as it is read, for a terminal: one line for each thing that it says, what can be pressed in brackets, instants
 * in the time of the zone.
 */
export function cardText(card: Card, zone: string): string[] {
  const text = (line: Line) => line.map((part) => inline(part, zone)).join('');
  return [
    card.title,
    ...card.facts.map(({ label, value }) => `  ${label}: ${text(value)}`),
    ...card.lines.map((line) => `  ${text(line)}`),
    ...(card.rows ?? []).map(({ line, buttons }: Row) => `  - ${text(line)}${pressed(buttons)}`),
    ...(card.buttons.length > 0 ? [` ${pressed(card.buttons)}`] : []),
    `  ${text(card.footer)}`,
    `  (Notification: ${card.notification})`,
  ];
}

function inline(part: Inline, zone: string): string {
  if (typeof part === 'string') return part;
  if ('bold' in part) return part.bold;
  if ('code' in part) return part.code;
  if ('strike' in part) return `~${part.strike}~`;
  if ('link' in part) return part.text;
  const at = new Date(part.instant);
  return `${localDay(at, zone)} ${localTime(at, zone)}`;
}

function pressed(buttons: readonly Button[]): string {
  return buttons.map(({ label }) => ` [${label}]`).join('');
}
