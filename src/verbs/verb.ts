import type {
  CodeableConcept,
  Communication,
  Practitioner,
  Provenance,
  Reference,
  Task,
} from '@medplum/fhirtypes';
import type { Snooze } from '../record/snooze.ts';
import type { Member } from '../routing/eligibility.ts';
import type { Pool, Visibility } from '../routing/pools.ts';
import type { Reason, ReasonKind } from '../routing/reasons.ts';
import type { Standing, TaskRules } from '../routing/task.ts';
import type { Until } from './until.ts';

/** The inputs that a verb can ask for. */
export type FieldName = 'target' | 'reason' | 'visibility' | 'until' | 'note';

/** One input of a verb's dialog. */
export interface Field {
  readonly name: FieldName;
  readonly label: string;
  readonly hint: string;
  readonly required: boolean;
}

/** Where a Task is sent: a pool, or one person. */
export type Target =
  | { readonly kind: 'pool'; readonly pool: Pool }
  | { readonly kind: 'person'; readonly member: Member };

/** What the person filled in, already understood: unknown pools and reasons never get this far. */
export interface Inputs {
  readonly target?: Target;
  readonly reason?: Reason;
  /** Whether whoever has the Task keeps it in sight; where absent, the way of the pool that it leaves. */
  readonly visibility?: Visibility;
  readonly until?: Until;
  readonly note?: string;
}

/** All that a verb may look at. Read from the record by the runtime; verbs read no clock and no network. */
export interface Situation {
  readonly task: Task & { id: string };
  /** The thread header that `Task.focus` points at, where there is one. */
  readonly thread: (Communication & { id: string }) | undefined;
  /** What was written about this Task so far, newest first. */
  readonly provenances: readonly Provenance[];
  readonly actor: Member;
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  readonly now: Date;
  /** The performerType that the Task had last, where it has none now: what "back to its pool" means. */
  readonly origin?: readonly CodeableConcept[];
  /** The newest answer by the staff in the thread since the Task was opened; only read for a verb that needs it. */
  readonly answer?: Communication & { id: string };
}

/** The steps of `Task.businessStatus` that go with the verbs, as the specification names them. */
export type BusinessStatus = 'unassigned' | 'assigned' | 'claimed' | 'escalated' | 'completed' | 'rerouted';

/** What becomes of the Task. A key left out stays as it is; `null` takes the element away. */
export interface Change {
  readonly status?: Task['status'];
  readonly businessStatus?: BusinessStatus;
  readonly priority?: Task['priority'];
  readonly owner?: Reference<Practitioner> | null;
  readonly performerType?: readonly CodeableConcept[] | null;
  /** The Communication that answered the patient; becomes an entry of `Task.output`. */
  readonly output?: Reference<Communication>;
  /** No reminders for a while. One that is there ends by itself where the Task changes hands or its status. */
  readonly snooze?: Snooze | null;
}

/** The Task that takes this one's place, where whoever had it keeps it in sight. */
export interface Successor {
  readonly owner?: Reference<Practitioner>;
  readonly performerType?: readonly CodeableConcept[];
  readonly businessStatus: BusinessStatus;
  readonly note: string;
}

/** Yes, and what to write. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly verb: string;
  /** What must still be true when the patch arrives: `unclaimed` survives unrelated writes, `version` none. */
  readonly guard: 'unclaimed' | 'version';
  readonly change: Change;
  /** The specification's “Create a New Task for the New Owner”. */
  readonly successor?: Successor;
  readonly reason?: Reason;
  readonly note?: string;
  /** A step of a pool's escalation ladder, where it is one: `<pool id>/<index>/<kind>`. */
  readonly step?: string;
  /** Said to the person in private where the card itself does not answer. */
  readonly sentence: string;
}

/** No, in the words that the person reads. Nothing is changed. */
export interface Refused {
  readonly kind: 'refused';
  readonly sentence: string;
  /** The input at which the sentence belongs, where it is about one. */
  readonly field?: FieldName;
}

export type Decision = Accepted | Refused;

/** Something that a person can do to a Task. One file each; the list is in `index.ts`. */
export interface Verb {
  /** The slash word, the action id and the code in `Provenance.activity`. */
  readonly name: string;
  /** On the button. */
  readonly label: string;
  /** What it does, for help texts and the manifest. */
  readonly description: string;
  /** In the past tense, for the record's readers: "claimed". */
  readonly past: string;
  readonly fields: readonly Field[];
  readonly style?: 'primary' | 'danger';
  /** Asked before a press counts, where it cannot be taken back. */
  readonly confirm?: string;
  /** It sends a Task home: where the Task has no performerType, its last one is looked up in the history. */
  readonly needsOrigin?: boolean;
  /** It can be done to everything that somebody has: with {@link ALL} in the place of a Task. */
  readonly takesAll?: boolean;
  /** It looks at the thread's newest answer. */
  readonly needsAnswer?: boolean;
  /** The reasons that it takes; see `routing/reasons.ts`. */
  readonly reasons?: ReasonKind;
  /** Where the card offers it while the Task stands like this. */
  offer(standing: Standing): 'button' | 'menu' | undefined;
  decide(inputs: Inputs, situation: Situation): Decision;
}

/** What stands in the place of a Task for everything that somebody has. No id of a Medplum server begins like this. */
export const ALL = 'all';

/** Whether a verb is meant to be done to everything that the person has. */
export function meansAll({ takesAll }: Verb, task: string): boolean {
  return takesAll === true && task.trim().toLowerCase() === ALL;
}

/** A refusal; with the input that it is about, where it is about one. */
export function refuse(sentence: string, field?: FieldName): Refused {
  return field === undefined ? { kind: 'refused', sentence } : { kind: 'refused', sentence, field };
}

/** What to say where an input that a verb needs was left out. */
export const MISSING: Readonly<Record<FieldName, string>> = {
  target: 'Say where it should go: a pool or a person.',
  reason: 'Choose a reason.',
  visibility: 'Say who keeps it in sight.',
  until: 'Say until when you want no reminders.',
  note: 'Write a note.',
};

/** The reason and the note of an accepted decision, as far as there are any. */
export function because({ reason, note }: Inputs): Pick<Accepted, 'reason' | 'note'> {
  return { ...(reason && { reason }), ...(note && { note }) };
}

/** The most characters that a note may have: what fits into one field on every platform. */
export const NOTE_LIMIT = 2000;

export const TARGET_FIELD: Field = {
  name: 'target',
  label: 'Send it to',
  hint: 'A pool or a person',
  required: true,
};

export const REASON_FIELD: Field = {
  name: 'reason',
  label: 'Reason',
  hint: 'Why it changes hands',
  required: true,
};

export const VISIBILITY_FIELD: Field = {
  name: 'visibility',
  label: 'Whoever has it now',
  hint: 'As this pool usually does',
  required: false,
};

export const UNTIL_FIELD: Field = {
  name: 'until',
  label: 'No reminders until',
  hint: 'Sooner, if the patient writes',
  required: true,
};

export const NOTE_FIELD: Field = {
  name: 'note',
  label: 'Note for the next person',
  hint: 'Goes into the record, not into the channel',
  required: false,
};

/** For a verb that is nothing without its note. */
export const NOTE_ALONE_FIELD: Field = { ...NOTE_FIELD, label: 'Note', required: true };
