import type { Button as SlackButton } from '@slack/types';
import { type Button, cut } from '../../src/index.ts';

/** Slack refuses empty text; this stands for it. */
export const BLANK = '—';

/** A button carries its verb as action id and the Task as value. */
export function buttonElement(button: Button): SlackButton {
  return {
    type: 'button',
    action_id: button.verb,
    text: { type: 'plain_text', text: cut(button.label, 75), emoji: true },
    value: button.taskId,
    ...(button.style && { style: button.style }),
    ...(button.confirm && {
      confirm: {
        title: { type: 'plain_text', text: cut(`${button.label}?`, 100) },
        text: { type: 'plain_text', text: cut(button.confirm, 300) },
        confirm: { type: 'plain_text', text: cut(button.label, 30) },
        deny: { type: 'plain_text', text: 'Not yet' },
      },
    }),
  };
}
