import type { Practitioner, Reference, Task } from '@medplum/fhirtypes';
import type { Logger } from 'pino';
import { type Absence, absenceOf, nothingFree } from '../duties/away.ts';
import type { CoverageRules } from '../duties/coverage.ts';
import { type Member, rolesNow } from '../routing/eligibility.ts';
import { withRetries } from './patience.ts';
import type { People } from './people.ts';
import { type PeopleStore, RecordError } from './ports/record.ts';

export interface AbsenceParts {
  readonly people: Pick<People, 'member'>;
  readonly hasFreeSlot: PeopleStore['hasFreeSlot'];
  readonly coverage: CoverageRules;
  readonly now: () => Date;
  readonly log: Logger;
}

/** Finds out who is away, and who stands in. */
export interface Absences {
  /** The absence of a Task's owner, and who stands in; undefined for an owner who is there, or whom nobody knows. */
  ofOwner(task: Task): Promise<Gone | undefined>;
}

export interface Gone {
  readonly owner: Member;
  readonly absence: Absence;
  /** Whoever covers for the owner, where that one may be given Tasks and is there. */
  readonly standIn: Member | undefined;
}

export function createAbsences({ people, hasFreeSlot, coverage, now, log }: AbsenceParts): Absences {
  async function absence(member: Member, task: Task): Promise<Absence | undefined> {
    const written = absenceOf(member, task, coverage, now());
    if (written || !coverage.away.includes('no-free-slot')) return written;
    return (await isBooked(member.practitioner.id)) ? nothingFree(coverage) : undefined;
  }

  async function isBooked(practitionerId: string): Promise<boolean> {
    const from = now();
    const to = new Date(from.getTime() + coverage.freeSlotWithinMinutes * 60_000);
    try {
      return (await withRetries(() => hasFreeSlot(practitionerId, from, to))) === false;
    } catch (error) {
      if (!(error instanceof RecordError && UNASKABLE.includes(error.kind))) throw error;
      // Set up wrongly, and not for a moment: whoever it is about is taken to be there.
      log.warn({ err: error, practitioner: practitionerId }, 'whether somebody has a free slot is not known');
      return false;
    }
  }

  async function standIn(owner: Member, task: Task): Promise<Member | undefined> {
    const id = practitionerId({ reference: coverage.covers[`Practitioner/${owner.practitioner.id}`] ?? '' });
    if (id === undefined) return undefined;
    const member = await withRetries(() => people.member(id));
    if (member === undefined || rolesNow(member, now()).length === 0) return undefined;
    if (await absence(member, task)) return undefined;
    return member;
  }

  return {
    ofOwner: async (task) => {
      const id = practitionerId(task.owner);
      const owner = id === undefined ? undefined : await withRetries(() => people.member(id));
      const gone = owner && (await absence(owner, task));
      return gone && { owner, absence: gone, standIn: await standIn(owner, task) };
    },
  };
}

const UNASKABLE: readonly string[] = ['gone', 'invalid', 'forbidden'];

/** The id of the Practitioner; undefined for a reference to somebody else. */
export function practitionerId(
  reference: Reference | Reference<Practitioner> | undefined,
): string | undefined {
  return /^Practitioner\/([A-Za-z0-9.-]{1,64})$/.exec(reference?.reference ?? '')?.[1];
}
