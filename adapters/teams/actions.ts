import { type Button, cut } from '../../src/index.ts';
import type { CardAction, SubmitAction } from './shapes.ts';

/** What is sent with a press, besides what was filled in. Texts only: Teams gives them back as they were. */
export type ActionData = Readonly<Record<string, string>>;

/** The verb of the button that shows other rows in the place of these. No word of the core's has a dot. */
export const TURN = 'listing.turn';
/** The verb of the button that says what a form would do. */
export const PREVIEW = 'form.preview';

/** `Action.Execute`, and for clients that do not know it the older way that means the same. */
export function executeAction(
  title: string,
  verb: string,
  data: ActionData,
  style?: Button['style'],
  mode?: 'primary' | 'secondary',
): CardAction {
  const look = {
    title: cut(title, 40),
    ...(style && { style: style === 'danger' ? ('destructive' as const) : ('positive' as const) }),
    ...(mode && { mode }),
  };
  return {
    type: 'Action.Execute',
    ...look,
    verb,
    data,
    fallback: { type: 'Action.Submit', ...look, data: { ...data, verb } },
  };
}

/** The button of a dialog: a dialog knows no `Action.Execute`. */
export function submitAction(title: string, verb: string, data: ActionData): SubmitAction {
  return { type: 'Action.Submit', title: cut(title, 40), style: 'positive', data: { ...data, verb } };
}
