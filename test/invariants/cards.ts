import { type Desired, diff, type Posted } from '../../src/cards/diff.ts';
import { surfaceKey } from '../../src/cards/surfaces.ts';
import type { Fresh } from './fresh.ts';
import { formsOf, keyOf, type Message } from './messages.ts';

/** What a card says of time may have changed since it was drawn: so long an application takes to notice. */
const NOTICED_MS = 20_000;

/** I1 and I2 of one Task: on each of its surfaces its one card, that says what the record says, and no other. */
export async function checkCards(
  taskId: string,
  fresh: Fresh,
  messages: ReadonlyMap<string, Message>,
  about: readonly Message[],
): Promise<string[]> {
  const now = await fresh.cards(taskId);
  const found = faultsIn(taskId, now, fresh, messages, about);
  if (found.length === 0) return [];
  return faultsIn(taskId, await fresh.cards(taskId, NOTICED_MS), fresh, messages, about);
}

interface Cards {
  readonly desired: readonly Desired[];
  readonly posted: readonly Posted[];
}

function faultsIn(
  taskId: string,
  { desired, posted }: Cards,
  { formOf }: Fresh,
  messages: ReadonlyMap<string, Message>,
  about: readonly Message[],
): string[] {
  const name = (surface: string) => `Task/${taskId} in ${surface}`;
  const kept = new Set<string>();
  const faults = desired.flatMap((want): string[] => {
    const surface = surfaceKey(want.surface);
    const row = posted.find((one) => surfaceKey(one.surface) === surface);
    // What the application would do now is what it has not done.
    const [step] = diff([want], row ? [row] : []).filter(({ kind }) => kind !== 'update' && kind !== 'close');
    if (step) return [`I1: ${name(surface)} has no card that stands for it: ${step.why}.`];
    if (row?.ref === undefined) return [];
    const key = keyOf(want.surface.platform, row.ref);
    const message = messages.get(key);
    kept.add(key);
    if (message === undefined) {
      return want.card.buttons.length > 0 ? [`I1: the card of ${name(surface)} is not there.`] : [];
    }
    // A card that was closed is left alone where the Task is back, and not worth another.
    if (row.state === 'closed' && !want.closing) return pressableIn(message, name(surface));
    const forms = formsOf(want.surface.platform, want.card, formOf);
    if (forms.includes(message.drawn)) return [];
    return [
      `I2: the card of ${name(surface)} is not what the record says: ${difference(message.drawn, forms)}`,
    ];
  });
  const others = about.filter(({ key, canBePressed }) => canBePressed && !kept.has(key));
  return [
    ...faults,
    ...others.map(
      ({ platform, place }) => `I1: ${name(`${platform} ${place}`)} has another card that can be pressed.`,
    ),
  ];
}

function pressableIn({ canBePressed }: Message, what: string): string[] {
  return canBePressed ? [`I1: the closed card of ${what} can be pressed.`] : [];
}

/** Where the two begin to differ. */
export function difference(stands: string, forms: readonly string[]): string {
  const [form = ''] = forms;
  let at = 0;
  while (at < form.length && form[at] === stands[at]) at++;
  const part = (text: string) => text.slice(Math.max(0, at - 40), at + 80);
  return `“${part(stands)}” stands, and not “${part(form)}”.`;
}
