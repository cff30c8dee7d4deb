import type { Author } from '../record/writes.ts';
import { type Member, referenceTo } from '../routing/eligibility.ts';
import { type Refused, refuse } from '../verbs/verb.ts';
import { lately } from './lately.ts';
import type { Membership } from './ports/record.ts';

/**
 * Whether a person's change is written on their behalf, so that their own AccessPolicy applies and the version history
 * names them: `require` refuses people who have no membership of the project; with `prefer` the service writes for
 * those, and the Provenance names them; with `never` it always does.
 */
export type OnBehalfOf = 'require' | 'prefer' | 'never';

/** Who answers for what this person changes, and on whose behalf it is written; or why they may change nothing. */
export type AuthorOf = (member: Member) => Promise<Author | Refused>;

/** How long a membership that was looked up counts. */
const FRESH_MS = 60_000;

/**
 * @param membership looks up whether the Practitioner of this id has a membership; may throw a `RecordError`.
 * @param now milliseconds.
 */
export function createAuthorOf(
  rule: OnBehalfOf,
  membership: (practitionerId: string) => Promise<Membership>,
  now: () => number,
): AuthorOf {
  const membershipOf = lately(membership, FRESH_MS, now);

  return async ({ practitioner }) => {
    const who = referenceTo(practitioner);
    if (rule === 'never') return { who };
    const found = await membershipOf(practitioner.id);
    switch (found) {
      case 'active':
        return { who, as: who.reference };
      case 'inactive':
        // The server would still let it through.
        return refuse(SWITCHED_OFF);
      case 'none':
        return rule === 'prefer' ? { who } : refuse(NO_MEMBERSHIP);
      case 'unknown':
        return rule === 'prefer' ? { who } : refuse(MAY_NOT_LOOK);
      default:
        return found satisfies never;
    }
  };
}

const SWITCHED_OFF =
  'Your membership of the Medplum project is switched off, so nothing is changed in your name. Ask your administrator.';

const NO_MEMBERSHIP =
  'Changes are made in your own name here, and you have no membership of the Medplum project; nothing was changed. ' +
  'Ask your administrator to invite your Practitioner into the project.';

const MAY_NOT_LOOK =
  'Changes are made in your own name here, and Switchboard may not do that; nothing was changed. Ask your administrator ' +
  'to make its ClientApplication an administrator of the Medplum project.';
