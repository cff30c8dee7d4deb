import { threadIdsOf } from '../duties/thread.ts';
import { PRIORITIES, type Priority } from '../routing/priority.ts';

/** Where hints go. Each resolves when the hint is stored. */
export interface Marks {
  /** @param urgency the Task's, where the event says it. */
  task(taskId: string, urgency?: Priority): Promise<void>;
  thread(threadId: string): Promise<void>;
}

/** Which resource an event is about, and the threads that it is part of, where it is a message. */
export interface Hint {
  readonly type: string;
  readonly id: string;
  readonly threads: readonly string[];
  readonly urgency?: Priority | undefined;
}

/** Reads a hint off a resource as an event brings it: only ids are taken, and looked up anew. Undefined for no resource. */
export function hintOf(resource: unknown): Hint | undefined {
  if (typeof resource !== 'object' || resource === null) return undefined;
  const { resourceType: type, id, partOf, priority } = resource as Readonly<Record<string, unknown>>;
  if (typeof type !== 'string' || typeof id !== 'string' || !isId(id)) return undefined;
  const urgency = PRIORITIES.find((one) => one === priority);
  return { type, id, urgency, threads: type === 'Communication' ? threadIdsOf(referencesIn(partOf)) : [] };
}

/** The same for a reference, for example of something that is not there any more: `Task/<id>`. */
export function hintAt(reference: string): Hint | undefined {
  const [type, id] = reference.split('/');
  return type && id && isId(id) ? { type, id, threads: [] } : undefined;
}

/** Resolves when the hint is stored. */
export async function storeHint(hint: Hint, marks: Marks): Promise<void> {
  if (hint.type === 'Task') await marks.task(hint.id, hint.urgency);
  for (const threadId of hint.threads) await marks.thread(threadId);
}

function referencesIn(list: unknown): unknown[] {
  if (!Array.isArray(list)) return [];
  return list.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'reference' in one ? one.reference : undefined,
  );
}

/** http://hl7.org/fhir/R4/datatypes.html#id */
function isId(text: string): boolean {
  return /^[A-Za-z0-9.-]{1,64}$/.test(text);
}
