import { type Asking, goneSentence, justSay, NO_POOLS } from '../queries/asking.ts';
import { listHelp } from '../queries/help.ts';
import { listHistory } from '../queries/history.ts';
import { listHome } from '../queries/home.ts';
import { findQuery, type QueryName } from '../queries/index.ts';
import { listMine, mine } from '../queries/mine.ts';
import { listPools, type PoolState } from '../queries/pools.ts';
import type { Listing, Question } from '../queries/query.ts';
import { listStatus } from '../queries/status.ts';
import { listTasks, MINE, namedPool, tasks } from '../queries/tasks.ts';
import { listWhoami } from '../queries/whoami.ts';
import { fold, type Pool } from '../routing/pools.ts';
import { commandOf, NEXT, shorten, WORDS } from '../slash.ts';
import type { DeskParts } from './desk-parts.ts';
import { withRetries } from './patience.ts';
import type { ChatUser } from './ports/chat.ts';
import { longestWait, ownedBy, poolsHeldBy, waitingIn } from './queue.ts';
import { resolveTask } from './resolve-task.ts';
import { readStory } from './story.ts';

/** Answers a question. Throws where the record or the ledger fails. */
export type Ask = (question: Question, by: ChatUser) => Promise<Listing>;

/** Reads what a query needs and answers it. */
export function createAsk(parts: DeskParts): Ask {
  const { people, pools, rules, taskLink } = parts;

  return async (given, by) => {
    // What `next` gave somebody stands among what is theirs, when it is looked at again; asking never claims.
    const question = given.query === NEXT.name ? { ...given, query: mine.name, words: '' } : given;
    const query = findQuery(question.query);
    if (query === undefined) return justSay(`There is no “${shorten(question.query)}”.`);
    // Those who are not linked yet need help most.
    if (query.name === 'help') return listHelp(WORDS, question.words);
    const identity = await people.identify(by);
    if (identity.kind === 'stranger') return justSay(identity.sentence);
    const { member: actor } = identity;
    const gone = goneSentence(actor);
    if (gone !== undefined && query.name !== 'whoami') return justSay(gone);
    return ANSWERS[query.name]({ question, actor, pools, rules, taskLink, now: parts.now() }, by, parts);
  };
}

type Answer = (asking: Asking, by: ChatUser, parts: DeskParts) => Promise<Listing>;

/** What each query reads. One that is missing here does not compile. */
const ANSWERS: Readonly<Record<QueryName, Answer>> = {
  tasks: async (asking, _by, parts) => {
    const chosen = chosenPools(asking, parts);
    if (typeof chosen === 'string') return justSay(chosen);
    return listTasks(await waitingIn(chosen, parts), asking);
  },

  mine: async (asking, _by, parts) => listMine(await ownedBy(asking.actor, parts), asking),

  history: (asking, _by, parts) =>
    aboutTask(asking, parts, async (taskId, asked) => {
      const story = await readStory(taskId, parts.store);
      return story && listHistory(story.chapters, story.cut, asked);
    }),

  status: (asking, _by, parts) =>
    aboutTask(asking, parts, async (taskId, asked) => {
      const { store } = parts;
      const seen = await withRetries(() => store.observe(taskId));
      if (seen === undefined) return undefined;
      const { thread } = seen;
      const messages = thread ? await withRetries(() => store.messages(thread.id)) : [];
      return listStatus({ ...seen, messages }, asked);
    }),

  pools: async (asking, _by, parts) => {
    const held = poolsHeldBy(asking.actor, parts);
    const states = await Promise.all(parts.pools.map((pool) => poolState(pool, held.includes(pool), parts)));
    return listPools(states, asking);
  },

  whoami: async (asking, by, parts) =>
    listWhoami({ chatId: by.id, held: poolsHeldBy(asking.actor, parts) }, asking),

  home: async (asking, by, parts) => {
    const held = poolsHeldBy(asking.actor, parts);
    const [owned, waiting] = await Promise.all([ownedBy(asking.actor, parts), waitingIn(held, parts)]);
    return listHome({ owned, waiting, chatId: by.id, held }, asking);
  },

  help: async ({ question }) => listHelp(WORDS, question.words),
};

/** The pool that is named, else those of the one who asks; or the sentence that says why there is none. */
function chosenPools({ question, actor }: Asking, parts: DeskParts): readonly Pool[] | string {
  const words = question.words.trim();
  if (words !== '' && fold(words) !== MINE) {
    const named = namedPool(words, parts.pools);
    return typeof named === 'string' ? named : [named];
  }
  const held = poolsHeldBy(actor, parts);
  if (held.length > 0) return held;
  const [first] = parts.pools;
  return first ? `${NO_POOLS} ${commandOf(tasks.name)} ${first.id} lists a pool by its name.` : NO_POOLS;
}

/** Finds the Task that is meant; what is told of it, or that there is none. */
async function aboutTask(
  asking: Asking,
  { ledger }: DeskParts,
  answer: (taskId: string, asking: Asking) => Promise<Listing | undefined>,
): Promise<Listing> {
  const taskId = await resolveTask(asking.question.words, ledger);
  if (typeof taskId !== 'string') return justSay(taskId.sentence);
  // The pages that follow are of this Task, whatever else its reference fits by then.
  const asked = { ...asking, question: { ...asking.question, words: taskId } };
  return (
    (await answer(taskId, asked)) ?? justSay(`There is no Task “${shorten(taskId)}” in the record any more.`)
  );
}

async function poolState(pool: Pool, mine: boolean, parts: DeskParts): Promise<PoolState> {
  const [waiting, holders] = await Promise.all([
    longestWait(pool, parts),
    withRetries(() => parts.people.holders(pool)),
  ]);
  return { pool, ...waiting, people: holders.length, mine };
}
