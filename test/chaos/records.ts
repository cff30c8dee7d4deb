import type { Communication, Task } from '@medplum/fhirtypes';
import type { Sandbox } from '../../sandbox/server.ts';
import type { Random } from './random.ts';

type Stored<T> = T & { id: string };

/** The Tasks and threads that there are, as another application finds them. */
export interface Records {
  /** Some Task of which this is true, the newer ones rather; undefined where a few looks find none. */
  some(random: Random, wanted?: (task: Task) => boolean): Promise<Stored<Task> | undefined>;
  thread(random: Random): Promise<Stored<Communication> | undefined>;
  /** The id of the Task with this short reference. */
  idOf(short: string | undefined): string | undefined;
  stop(): void;
}

/** So many are looked at; people look at what is new. */
const LOOKS = 12;

export function watchRecords({ fhir, hub }: Sandbox): Records {
  const tasks: string[] = [];
  const threads: string[] = [];
  const stop = hub.listen((event) => {
    if (event.kind !== 'fhir' || event.interaction !== 'create') return;
    if (event.resourceType === 'Task') tasks.push(event.id);
    if (event.resourceType === 'Communication') threads.push(event.id);
  });
  const read = <T extends Task | Communication>(type: T['resourceType'], id: string) =>
    fhir.repository.readResource<T>(type, id).catch(() => undefined);
  const newer = (ids: readonly string[], random: Random) =>
    ids[Math.floor(ids.length * Math.sqrt(random.next()))];

  return {
    stop,
    idOf: (short) => (short === undefined ? undefined : tasks.find((id) => id.startsWith(short))),
    some: async (random, wanted = () => true) => {
      // All are drawn before anything is waited for: the draw is the seed's, whatever else goes on.
      const drawn = Array.from({ length: LOOKS }, () => newer(tasks, random));
      for (const id of drawn) {
        const task = id === undefined ? undefined : await read<Task>('Task', id);
        if (task && wanted(task)) return task;
      }
      return undefined;
    },
    thread: async (random) => {
      const drawn = Array.from({ length: LOOKS }, () => newer(threads, random));
      for (const id of drawn) {
        const header = id === undefined ? undefined : await read<Communication>('Communication', id);
        if (header && header.partOf === undefined) return header;
      }
      return undefined;
    },
  };
}
