import type { Annotation, CodeableConcept, Reference, Task } from '@medplum/fhirtypes';

/** One thing that a version changed, in words; `from` is absent where only what came is worth saying. */
export interface Change {
  readonly what: string;
  readonly from?: string;
  readonly to: string;
}

/** What identifies a version changes with every version, so it says nothing. */
const SILENT = new Set(['meta', 'id', 'resourceType', 'text']);

interface Spoken {
  readonly what: string;
  readonly none: string;
  read(task: Task): string | undefined;
}

/** The elements of a Task that routing is about, with their plain names and how to read them aloud. */
const SPOKEN: Readonly<Record<string, Spoken>> = {
  status: { what: 'Status', none: 'none', read: (task) => task.status },
  businessStatus: { what: 'Business status', none: 'none', read: (task) => nameOf(task.businessStatus) },
  owner: { what: 'Owner', none: 'nobody', read: (task) => partyOf(task.owner) },
  performerType: { what: 'Pool', none: 'none', read: (task) => task.performerType?.map(nameOf).join(', ') },
  priority: { what: 'Priority', none: 'none', read: (task) => task.priority },
  for: { what: 'Patient', none: 'nobody', read: (task) => partyOf(task.for) },
  focus: { what: 'Thread', none: 'none', read: (task) => task.focus?.reference },
};

/** What changed between two versions, in words and in the order of `SPOKEN`; of the first version, nothing. */
export function changesBetween(before: Task | undefined, after: Task): readonly Change[] {
  if (before === undefined) return [];
  const changed = keysOf(before, after).filter((key) => !SILENT.has(key) && !same(before, after, key));
  const spoken = Object.entries(SPOKEN)
    .filter(([key]) => changed.includes(key))
    .map(
      ([, { what, none, read }]): Change => ({ what, from: read(before) ?? none, to: read(after) ?? none }),
    );
  const notes = newNotes(before, after).map((note): Change => ({ what: 'Note', to: `“${note.text ?? ''}”` }));
  const answers = changed.includes('output') ? [{ what: 'Answer', to: 'sent, and linked as output' }] : [];
  const others = changed
    .filter((key) => !(key in SPOKEN) && key !== 'note' && key !== 'output')
    .map((key): Change => ({ what: wordsOf(key), to: 'changed' }));
  return [...spoken, ...notes, ...answers, ...others];
}

/** "Registered nurse": the most readable thing that a concept says. */
export function nameOf(concept: CodeableConcept | undefined): string | undefined {
  const coding = concept?.coding?.[0];
  return concept?.text ?? coding?.display ?? coding?.code;
}

/** "Ana Silva": a reference's display, or the reference itself. */
export function partyOf(reference: Reference | undefined): string | undefined {
  return reference?.display ?? reference?.reference;
}

/** "executionPeriod" -> "Execution period" */
function wordsOf(key: string): string {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function newNotes(before: Task, after: Task): readonly Annotation[] {
  return (after.note ?? []).slice(before.note?.length ?? 0);
}

function keysOf(before: Task, after: Task): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

const elementOf = (task: Task, key: string): unknown =>
  Object.entries(task).find(([name]) => name === key)?.[1];

const same = (before: Task, after: Task, key: string): boolean =>
  JSON.stringify(elementOf(before, key)) === JSON.stringify(elementOf(after, key));
