import { nearest } from '../queries/nearest.ts';
import { joinWords } from '../routing/pools.ts';
import { shortReference } from '../routing/task.ts';
import { shorten } from '../slash.ts';
import { type Refused, refuse } from '../verbs/verb.ts';
import { type Ledger, LedgerError } from './ports/ledger.ts';

const HOW_TO_NAME = 'Its reference stands at the end of its card, and /tasks lists what waits.';

/** An id that was typed to its end may belong to a Task that never had a card. */
const WHOLE_ID = 20;

/** The id of a Task by its id or by the beginning of it, or why there is none. */
export async function resolveTask(
  words: string,
  ledger: Pick<Ledger, 'taskIdsByPrefix'>,
): Promise<string | Refused> {
  const typed = words.trim().replace(/^Task\//, '');
  if (!/^[A-Za-z0-9.-]{1,64}$/.test(typed)) return refuse(`“${shorten(words)}” is no Task. ${HOW_TO_NAME}`);
  const lower = typed.toLowerCase();
  let known: readonly string[];
  try {
    const ids = await ledger.taskIdsByPrefix(lower, 4);
    known = ids.length > 0 || lower === typed ? ids : await ledger.taskIdsByPrefix(typed, 4);
  } catch (error) {
    // A button carries the whole id: whether there is such a Task is for the record to say.
    if (error instanceof LedgerError && typed.length >= WHOLE_ID) return typed;
    throw error;
  }
  if (known.includes(typed)) return typed;
  if (known.length > 1)
    return refuse(`“${typed}” fits several Tasks (${longer(known, typed)}…). Type more of the reference.`);
  if (known[0] !== undefined) return known[0];
  if (typed.length >= WHOLE_ID) return typed;
  const meant = await nearReferences(lower, ledger);
  const did = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return refuse(`There is no Task “${typed}”.${did} ${HOW_TO_NAME}`);
}

/** References with as much more of them as it takes to tell them apart. */
function longer(ids: readonly string[], typed: string): string {
  const some = ids.slice(0, 3);
  const tells = (length: number) => new Set(some.map((id) => id.slice(0, length))).size === some.length;
  let length = typed.length + 4;
  while (!tells(length) && some.some((id) => id.length > length)) length += 4;
  return some.map((id) => id.slice(0, length)).join(', ');
}

/** A slip of one sign is common; half of the reference is usually right. */
async function nearReferences(
  typed: string,
  ledger: Pick<Ledger, 'taskIdsByPrefix'>,
): Promise<string | undefined> {
  if (typed.length < 5) return undefined;
  const begin = typed.slice(0, 3);
  const ids = await ledger.taskIdsByPrefix(begin, CANDIDATES);
  const near = nearest(typed, [...new Set(ids.map(shortReference))]);
  return near.length < 3 ? joinWords(near) : undefined;
}

const CANDIDATES = 200;
