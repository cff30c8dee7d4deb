import type { Coding } from '@medplum/fhirtypes';
import { fold } from './pools.ts';

/** The system of the one reason that the specification names. */
export const MEDPLUM_REROUTE_REASON = 'https://medplum.com/CodeSystem/reroute-reason';

/** The system of our own reasons. HL7 has no value set that fits why a message changes hands. */
export const SWITCHBOARD_REASON = 'urn:switchboard:CodeSystem:reason';

/** A coded reason, as `Provenance.reason` takes it. */
export interface Reason {
  readonly system: string;
  readonly code: string;
  readonly display: string;
  /** The reason says nothing by itself: the note is required. */
  readonly needsNote?: boolean;
}

/** Which list of reasons: why a Task changes hands, why it is closed without an answer, or why it cannot wait. */
export const REASON_KINDS = ['reroute', 'completion', 'escalation'] as const;

export type ReasonKind = (typeof REASON_KINDS)[number];

/** The reasons that a project uses: its own ValueSets, or these. */
export type Reasons = Readonly<Record<ReasonKind, readonly Reason[]>>;

/** Why a Task changes hands, in the order in which people are offered them. */
export const REASONS: readonly Reason[] = [
  { system: MEDPLUM_REROUTE_REASON, code: 'specialty-referral', display: 'Specialty referral' },
  ours('wrong-pool', 'Wrong pool'),
  ours('scope-of-practice', 'Outside my scope of practice'),
  ours('needs-provider-decision', 'Needs a provider’s decision'),
  ours('clerical-only', 'Clerical only'),
  ours('language-or-access', 'Language or access need'),
  ours('covering-absence', 'Covering an absence'),
  ours('end-of-shift', 'End of shift'),
  ours('workload', 'Workload'),
  ours('conflict-of-interest', 'Conflict of interest'),
  ours('patient-request', 'Patient’s request'),
  ours('duplicate', 'Duplicate'),
  ours('urgent-upgrade', 'More urgent than it looked'),
  { ...ours('other', 'Other'), needsNote: true },
];

/** Why a Task is closed although nobody answered in the thread. */
export const COMPLETION_REASONS: readonly Reason[] = [
  ours('answered-by-phone', 'Answered by phone'),
  ours('answered-in-person', 'Answered in person'),
  ours('no-answer-needed', 'No answer needed'),
  ours('patient-withdrew', 'The patient took it back'),
  ours('duplicate', 'Duplicate'),
  { ...ours('other', 'Other'), needsNote: true },
];

/** Why somebody raises the alarm about a Task. */
export const ESCALATION_REASONS: readonly Reason[] = [
  ours('symptoms-worse', 'Symptoms are getting worse'),
  ours('patient-called-again', 'The patient called again'),
  ours('no-response', 'Nobody has taken it up'),
  ours('beyond-scope', 'Needs somebody senior'),
  ours('safety-concern', 'Safety concern'),
  { ...ours('other', 'Other'), needsNote: true },
];

/** Why Switchboard escalates a Task by itself: nobody has claimed it within the target. People are not offered it. */
export const NOT_CLAIMED_IN_TIME: Reason = ours('not-claimed-in-time', 'Not claimed in time');

/** Why Switchboard takes a Task from whoever has it: no answer within the target. People are not offered it. */
export const NOT_ANSWERED_IN_TIME: Reason = ours('not-answered-in-time', 'Not answered in time');

/** The reasons where a project brings none of its own. */
export const DEFAULT_REASONS: Reasons = {
  reroute: REASONS,
  completion: COMPLETION_REASONS,
  escalation: ESCALATION_REASONS,
};

/** A reason by its code or by what it is called, in any case. */
export function findReason(words: string, reasons: readonly Reason[]): Reason | undefined {
  const wanted = foldReason(words);
  return reasons.find(
    (reason) => foldReason(reason.code) === wanted || foldReason(reason.display) === wanted,
  );
}

/** No reason has more words, stray dashes included; a long note is not tried word by word. */
const MOST_WORDS = 12;

/**
 * Takes a reason off the front of free text ("specialty-referral new cardiac symptoms") and gives the rest as the
 * note. The longest reason that fits wins; undefined where none does.
 */
export function takeReason(
  words: string,
  reasons: readonly Reason[],
): { reason: Reason; note: string } | undefined {
  const parts = words.trim().split(/\s+/);
  for (let taken = Math.min(parts.length, MOST_WORDS); taken > 0; taken--) {
    const reason = findReason(parts.slice(0, taken).join(' '), reasons);
    if (reason) return { reason, note: rest(words.trim(), taken) };
  }
  return undefined;
}

/** The reason as the Coding that is written into the record. */
export function reasonCoding(reason: Reason): Coding {
  return { system: reason.system, code: reason.code, display: reason.display };
}

function ours(code: string, display: string): Reason {
  return { system: SWITCHBOARD_REASON, code, display };
}

// People type a straight apostrophe, a comma or a colon after the reason.
function foldReason(words: string): string {
  return fold(words.replace(/[’'`]/g, '').replace(/[,.:;]+$/, ''));
}

function rest(words: string, taken: number): string {
  const match = new RegExp(`^(?:\\S+\\s*){${taken}}`).exec(words);
  return words.slice(match?.[0].length ?? 0).trim();
}
