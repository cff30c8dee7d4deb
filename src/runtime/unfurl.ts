import type { Card, Line } from '../cards/card.ts';
import { needsMessage } from '../cards/privacy.ts';
import { standingLine } from '../cards/standing-line.ts';
import { privacyAt, type Surface } from '../cards/surfaces.ts';
import { type Drawing, taskCard } from '../cards/task-card.ts';
import type { Privacy } from '../routing/pools.ts';
import { standingOf } from '../routing/task.ts';
import type { DeskParts } from './desk-parts.ts';
import { withRetries } from './patience.ts';
import type { Desk } from './ports/desk.ts';
import type { Observation } from './ports/record.ts';

/**
 * The card for a link to a Task that somebody posted. It says how things stood at that moment, because nobody keeps it
 * true; what is pressed on it is decided anew.
 */
export function createUnfurl(parts: DeskParts): Desk['unfurl'] {
  const { store, pools, rules, taskLink } = parts;

  return async (link, surface) => {
    const taskId = taskIn(link, taskLink);
    const seen = taskId === undefined ? undefined : await withRetries(() => store.observe(taskId));
    if (seen === undefined || standingOf(seen.task, rules) === 'ignored') return undefined;
    const privacy = privacyOf(surface);
    const drawing: Drawing = { ...seen, message: await newest(seen, privacy), pools, rules, taskLink };
    return asShared(drawing, privacy, parts.now());
  };

  /** What may be said where no pool of ours posts is the least. */
  function privacyOf(surface: Surface): Privacy {
    return surface.kind === 'channel' ? privacyAt(surface, pools) : 'none';
  }

  async function newest({ thread }: Observation, privacy: Privacy): Promise<Drawing['message']> {
    if (thread === undefined || !needsMessage(privacy)) return undefined;
    return (await withRetries(() => store.messages(thread.id))).at(-1);
  }
}

/** The line that says how the Task stands says when that was. */
function asShared(drawing: Drawing, privacy: Privacy, now: Date): Card {
  const card = taskCard(drawing, privacy);
  const when: Line = ['When this was shared (', { instant: now.toISOString(), as: 'time' }, '): '];
  const stood = JSON.stringify(standingLine(drawing));
  const lines = card.lines.map((line) => (JSON.stringify(line) === stood ? [...when, ...line] : line));
  return { ...card, lines };
}

/** What an id can be: letters, digits, a hyphen and a dot. https://hl7.org/fhir/R4/datatypes.html#id */
const ID = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * The id of the Task that a link leads to; undefined for any other link. The address must be the configured one; behind
 * the id, a path, a query or a fragment may follow, as the record's application has them.
 *
 * @param taskLink with `{id}` for the id.
 */
export function taskIn(link: string, taskLink: string | undefined): string | undefined {
  const wanted = taskLink?.split('{id}')[0];
  const ours = wanted === undefined ? undefined : URL.parse(wanted);
  const given = URL.parse(link.trim());
  if (!ours || !given || given.origin !== ours.origin || given.username || given.password) return undefined;
  if (!given.pathname.startsWith(ours.pathname)) return undefined;
  const [id = ''] = given.pathname.slice(ours.pathname.length).split('/');
  return ID.test(id) ? id : undefined;
}
