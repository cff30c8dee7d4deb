import type { Provenance, Reference } from '@medplum/fhirtypes';
import { nameOf } from './changes.ts';

/** HL7's general words for what was done to a resource: less telling than any other coding beside them. */
const DATA_OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';

/** A verb's code as it reads once it is done; any other word is shown as it was written. */
const DONE: Readonly<Record<string, string>> = {
  accept: 'Accepted',
  answer: 'Answered',
  assign: 'Assigned',
  cancel: 'Cancelled',
  claim: 'Claimed',
  complete: 'Completed',
  cover: 'Cover arranged',
  create: 'Created',
  decline: 'Declined',
  delete: 'Deleted',
  escalate: 'Escalated',
  keep: 'Still on it',
  note: 'Noted',
  raise: 'Raised',
  open: 'Opened',
  reopen: 'Reopened',
  release: 'Released',
  reroute: 'Rerouted',
  snooze: 'Snoozed',
  update: 'Updated',
};

/** What a Provenance says: the most specific verb, who did it, the software that it went through, and why. */
export interface Deed {
  readonly verb: string;
  readonly by: readonly Reference[];
  readonly through: readonly Reference[];
  /** In whose name the software wrote. */
  readonly onBehalfOf: readonly Reference[];
  readonly reason: string | undefined;
  /** Nobody pressed anything: software did it by its rules. */
  readonly automatic: boolean;
}

export function deedOf({ activity, agent, reason }: Provenance): Deed {
  const specific = activity?.coding?.find((coding) => coding.system !== DATA_OPERATION);
  const software = agent.filter(isAssembler).map((one): Reference => one.who);
  const authors = agent.filter((one) => !isAssembler(one)).map((one): Reference => one.who);
  const by = authors.length > 0 ? authors : software;
  const reasons = (reason ?? []).map(nameOf).filter((one) => one !== undefined);
  return {
    verb: inWords(specific?.display ?? specific?.code ?? nameOf(activity) ?? 'update'),
    by,
    onBehalfOf: agent.map((one): Reference | undefined => one.onBehalfOf).filter((one) => one !== undefined),
    through: software.filter((one) => !by.some((author) => isSame(author, one))),
    reason: reasons.length > 0 ? reasons.join(', ') : undefined,
    automatic: by.every((one) => !isSomebody(one)),
  };
}

/** "raise-priority" -> "Raise priority", "claim" -> "Claimed" */
function inWords(verb: string): string {
  const words = verb.replaceAll(/[-_]/g, ' ').trim();
  return DONE[words.toLowerCase()] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const isAssembler = ({ type }: Provenance['agent'][number]): boolean =>
  type?.coding?.some((coding) => coding.code === 'assembler') ?? false;

const isSame = (one: Reference, other: Reference): boolean =>
  one.reference === other.reference && one.display === other.display;

/** A person has a record of their own; software is only named, or is a device or a client. */
const isSomebody = ({ reference = '' }: Reference): boolean =>
  /^(Practitioner|PractitionerRole|Patient|RelatedPerson|Organization)\//.test(reference);
