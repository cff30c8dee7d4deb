import type { Reminder } from '../duties/reminders.ts';
import { shortReference } from '../routing/task.ts';
import { keep } from '../verbs/keep.ts';
import { release } from '../verbs/release.ts';
import { reroute } from '../verbs/reroute.ts';
import type { Card } from './card.ts';
import { type Drawing, taskCard } from './task-card.ts';
import { buttonOf } from './verb-button.ts';

/** The private reminder that a patient still waits for the owner's answer. It says nothing of the patient. */
export function reminderCard(drawing: Drawing, { number, of }: Reminder): Card {
  const card = taskCard(drawing, 'none');
  const { id } = drawing.task;
  const short = shortReference(id);
  const buttons = [keep, release, reroute].map((verb) => buttonOf(verb, id));
  return {
    ...card,
    lines: [
      ...card.lines,
      [
        '⏰ The patient still waits for your answer.',
        ...(number === of && of > 1 ? [' This is the last reminder.'] : []),
      ],
    ],
    buttons,
    // What is offered twice is refused by some platforms.
    menu: card.menu.filter(({ verb }) => !buttons.some((button) => button.verb === verb)),
    notification: `Task ${short} still waits for your answer.`,
  };
}
