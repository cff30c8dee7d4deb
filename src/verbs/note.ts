import { rolesNow } from '../routing/eligibility.ts';
import { standingOf } from '../routing/task.ts';
import { closedSentence, ignoredSentence, named } from './holder.ts';
import { NOTE_ALONE_FIELD, refuse, type Verb } from './verb.ts';

/** Writes something down about a Task that somebody has yet to do; who has it and how it stands stay as they are. */
export const note: Verb = {
  name: 'note',
  label: 'Add note',
  description: 'Add a note to a Task',
  past: 'noted',
  fields: [NOTE_ALONE_FIELD],
  offer: (standing) => (standing === 'closed' || standing === 'ignored' ? undefined : 'menu'),
  decide: (inputs, { task, actor, rules, now }) => {
    const standing = standingOf(task, rules);
    if (standing === 'ignored') return refuse(ignoredSentence(task));
    if (standing === 'closed') return refuse(closedSentence(task));
    if (rolesNow(actor, now).length === 0) {
      return refuse(
        'You have no active role in the record, so you cannot write notes on Tasks. Ask your administrator for one.',
      );
    }
    return {
      kind: 'accepted',
      verb: note.name,
      guard: 'version',
      change: {},
      ...(inputs.note && { note: inputs.note }),
      sentence: `Your note is on ${named(task)}.`,
    };
  },
};
