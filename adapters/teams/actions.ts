import { type Button, cut } from '../../src/index.ts';
import type { CardAction } from './shapes.ts';

/** `Action.Execute`, and for clients that do not know it the older way that means the same. */
export function executeAction(
  title: string,
  verb: string,
  data: Readonly<Record<string, string>>,
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
