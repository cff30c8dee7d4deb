import type { Task } from '@medplum/fhirtypes';
import { PEOPLE, POOLS } from '../../sandbox/clinic.ts';
import { PRIORITIES } from '../../sandbox/messages.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { CLOSED } from '../../src/routing/task.ts';
import type { Fleet } from './fleet.ts';
import type { People, Platform, Wish } from './people.ts';
import type { Random } from './random.ts';
import type { Records } from './records.ts';
import { EDGES, type Weather } from './weather.ts';

/** All that something may happen to. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly people: People;
  readonly records: Records;
  readonly weather: Weather;
  readonly fleet: Fleet;
  readonly size: number;
  /** Moves every clock forward. */
  forward(ms: number): void;
  /** Moves every clock to the next time that it is so late in the clinic (`HH:MM`). */
  forwardTo(time: string): void;
}

/** Something that happens. It draws all that it needs from chance before it waits for anything. */
export interface Event {
  readonly name: string;
  readonly weight: number;
  run(stage: Stage, random: Random): Promise<void>;
}

const MINUTE = 60_000;

const platform = (random: Random): Platform => (random.chance(0.5) ? 'slack' : 'teams');
const words = (random: Random) =>
  random.pick(['Thank you.', 'It hurts again.', 'When will you call?', 'Any news?']);

// ------------------------------------------------------------------------------------------- what people press

const isOpen = ({ status }: Task) => !CLOSED.includes(status);
const isWaiting = (task: Task) => isOpen(task) && task.owner === undefined;
const isHeld = (task: Task) => isOpen(task) && task.owner !== undefined;
const isAssigned = (task: Task) => isHeld(task) && task.status === 'requested';

/** Whoever may claim it. */
function holdersOf({ performerType = [] }: Task): string[] {
  const codes = performerType.flatMap(({ coding = [] }) => coding.map(({ code }) => code));
  const pools = POOLS.filter(({ code }) => codes.includes(code)).map(({ id }) => id);
  return PEOPLE.filter((one) => one.pools.some((id) => pools.includes(id))).map(({ slackId }) => slackId);
}

/** Somebody does this to some Task; most of the time to one that is such, and whoever it is for. */
function pressing(
  name: string,
  weight: number,
  wanted: (task: Task) => boolean,
  wish: (task: string, random: Random) => Wish,
): Event {
  return {
    name,
    weight,
    run: async ({ records, people, sandbox }, random) => {
      const [own, where, types] = [random.chance(0.85), platform(random), random.chance(0.5)];
      const twice = random.chance(0.06);
      const dice = random.branch(`${name} ${random.next()}`);
      const task = await records.some(dice, random.chance(0.9) ? wanted : undefined);
      if (task === undefined) return;
      const owner = task.owner?.reference;
      const owners = PEOPLE.map(({ slackId }) => slackId).filter(
        (id) => owner === `Practitioner/${sandbox.practitionerOf(id)}`,
      );
      const user = people.free(dice, own ? (owner ? owners : holdersOf(task)) : []);
      if (user === undefined) return;
      await people[types ? 'type' : 'press'](user, wish(task.id, dice), where, twice);
    },
  };
}

const plain = (verb: string) => (task: string) => ({ verb, task });

const PRESSES: readonly Event[] = [
  pressing('claim', 22, isWaiting, plain('claim')),
  pressing('accept', 4, isAssigned, plain('accept')),
  pressing('release', 6, isHeld, (task) => ({
    verb: 'release',
    task,
    typed: 'because workload',
    filled: { reason: 'workload' },
  })),
  pressing('reroute', 6, isOpen, (task, random) => {
    const { id } = random.pick(POOLS);
    const filled = { target: `pool:${id}`, reason: 'wrong-pool' };
    return { verb: 'reroute', task, typed: `${id} because wrong-pool`, filled };
  }),
  pressing('reroute to a person', 4, isOpen, (task, random) => {
    const { given, family } = random.pick(PEOPLE.filter(({ featured, obstacle }) => featured && !obstacle));
    const target = `${given} ${family}`;
    return {
      verb: 'reroute',
      task,
      typed: `${target} because workload`,
      filled: { target, reason: 'workload' },
    };
  }),
  pressing('reroute to a new Task', 3, isOpen, (task, random) => {
    const { id } = random.pick(POOLS);
    const filled = { target: `pool:${id}`, reason: 'workload', visibility: 'new-task' };
    return { verb: 'reroute', task, typed: `${id} because workload`, filled };
  }),
  pressing('complete', 6, isHeld, (task) => ({
    verb: 'complete',
    task,
    typed: 'because answered-by-phone',
    filled: { reason: 'answered-by-phone' },
  })),
  pressing('note', 5, isOpen, (task) => ({
    verb: 'note',
    task,
    typed: 'Called back.',
    filled: { note: 'Called.' },
  })),
  pressing('escalate', 3, isOpen, (task) => ({
    verb: 'escalate',
    task,
    typed: 'because no-response',
    filled: { reason: 'no-response' },
  })),
  pressing('snooze', 2, isHeld, (task) => ({ verb: 'snooze', task, typed: '30m', filled: { until: '30m' } })),
  pressing('keep', 2, isHeld, plain('keep')),
  {
    name: 'next',
    weight: 4,
    run: async ({ people }, random) => {
      const where = platform(random);
      const user = people.free(random);
      if (user) await people.next(user, where);
    },
  },
];

// ------------------------------------------------------------------------------------------ what else is written

/** Another application changes a Task. */
function changing(
  name: string,
  weight: number,
  wanted: (task: Task) => boolean,
  change: (task: Task & { id: string }, stage: Stage, random: Random) => Task,
): Event {
  return {
    name,
    weight,
    run: async (stage, random) => {
      const dice = random.branch(`${name} ${random.next()}`);
      const task = await stage.records.some(dice, wanted);
      if (!task) return;
      const elsewhere = stage.sandbox.fhir.repositoryFor({ author: 'Bot/elsewhere' });
      // Unless somebody was quicker.
      await elsewhere
        .updateResource<Task>(change(task, stage, dice), { ifMatch: task.meta?.versionId ?? '' })
        .catch(() => undefined);
    },
  };
}

const RECORD: readonly Event[] = [
  {
    name: 'a patient writes, and a Bot makes the Task',
    weight: 5,
    run: async ({ sandbox }, random) => {
      const [pool, priority] = [random.pick(POOLS).id, random.pick(PRIORITIES)];
      await sandbox.inbox.write({ pool, priority, text: words(random) });
    },
  },
  {
    name: 'a patient writes',
    weight: 6,
    run: async ({ sandbox }, random) => {
      const [pool, priority] = [random.pick(POOLS).id, random.pick(PRIORITIES)];
      await sandbox.inbox.say({ pool, priority, text: words(random) });
    },
  },
  {
    name: 'a patient writes again',
    weight: 4,
    run: async ({ sandbox, records }, random) => {
      const text = words(random);
      const thread = await records.thread(random.branch(String(random.next())));
      if (thread) await sandbox.inbox.say({ thread: thread.id, text });
    },
  },
  {
    name: 'somebody answers',
    weight: 4,
    run: async ({ sandbox, records, people }, random) => {
      const dice = random.branch(String(random.next()));
      const task = await records.some(dice, isHeld);
      const thread = task?.focus?.reference?.split('/')[1];
      const by = PEOPLE.find(
        ({ slackId }) => task?.owner?.reference === `Practitioner/${sandbox.practitionerOf(slackId)}`,
      );
      if (!task || !thread || !by) return;
      // Whose answer completes the Task is told by its Provenance, although nobody pressed.
      people.mayHave(by.slackId, 'complete');
      await sandbox.inbox.answer({ thread, by: by.slackId, text: 'Please come in tomorrow.' });
    },
  },
  changing('claimed elsewhere', 3, isWaiting, (task, { sandbox }, random) => {
    const user = random.pick([...holdersOf(task), 'U0ANA']);
    const reference = `Practitioner/${sandbox.practitionerOf(user)}`;
    return { ...task, status: 'accepted', owner: { reference }, businessStatus: { text: 'claimed' } };
  }),
  changing('put back elsewhere', 2, isHeld, ({ owner: _, ...task }) => ({ ...task, status: 'requested' })),
  changing('sent elsewhere', 3, isWaiting, (task, _, random) => {
    const { system, code, name } = random.pick(POOLS);
    return { ...task, performerType: [{ coding: [{ system, code, display: name }] }] };
  }),
  changing('another priority', 2, isOpen, (task, _, random) => ({
    ...task,
    priority: random.pick(PRIORITIES),
  })),
  changing('cancelled elsewhere', 1.5, isOpen, (task) => ({ ...task, status: 'cancelled' })),
  {
    name: 'deleted',
    weight: 0.7,
    run: async ({ sandbox, records }, random) => {
      const task = await records.some(random.branch(String(random.next())), isOpen);
      const elsewhere = sandbox.fhir.repositoryFor({ author: 'Bot/elsewhere' });
      if (task) await elsewhere.deleteResource('Task', task.id).catch(() => undefined);
    },
  },
];

// --------------------------------------------------------------------------------------------------- what befalls

const CALAMITIES: readonly Event[] = [
  {
    name: 'a process is killed',
    weight: 1,
    run: async ({ fleet, size }, random) =>
      fleet.kill(random.between(0, size - 1), random.between(200, 2_000)),
  },
  {
    name: 'an edge is out',
    weight: 0.6,
    run: async ({ weather }, random) => weather.outage(random.pick(EDGES), random.between(1_000, 4_000)),
  },
  {
    name: 'time passes',
    weight: 0.6,
    run: async ({ forward }, random) => forward(random.between(2, 50) * MINUTE),
  },
  {
    name: 'a morning or an evening comes',
    weight: 0.25,
    run: async ({ forwardTo }, random) => forwardTo(random.pick(['08:00', '17:00', '08:30'])),
  },
];

/** Everything that may happen, with how often. */
export const EVENTS: readonly Event[] = [...PRESSES, ...RECORD, ...CALAMITIES];
