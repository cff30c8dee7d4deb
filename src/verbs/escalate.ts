import { rolesNow } from '../routing/eligibility.ts';
import { standingOf } from '../routing/task.ts';
import { closedSentence, ignoredSentence, named } from './holder.ts';
import { because, NOTE_FIELD, REASON_FIELD, refuse, type Verb } from './verb.ts';

/** Raises the alarm about a Task that somebody has yet to do; who has it stays as it is. */
export const escalate: Verb = {
  name: 'escalate',
  label: 'Escalate',
  description: 'Raise the alarm about a Task, with a reason',
  past: 'escalated',
  fields: [
    { ...REASON_FIELD, hint: 'Why it cannot wait' },
    { ...NOTE_FIELD, label: 'Note' },
  ],
  reasons: 'escalation',
  offer: (standing) =>
    standing === 'unclaimed' || standing === 'assigned' || standing === 'claimed' ? 'menu' : undefined,
  decide: (inputs, { task, actor, rules, now }) => {
    const standing = standingOf(task, rules);
    if (standing === 'ignored') return refuse(ignoredSentence(task));
    if (standing === 'closed') return refuse(closedSentence(task));
    if (standing === 'paused')
      return refuse(`${named(task)} is ${task.status} in the record, so nobody is to hurry with it now.`);
    if (rolesNow(actor, now).length === 0) {
      return refuse(
        'You have no active role in the record, so you cannot escalate Tasks. Ask your administrator for one.',
      );
    }
    const { reason } = inputs;
    const isAgain = task.businessStatus?.text === 'escalated';
    return {
      kind: 'accepted',
      verb: escalate.name,
      guard: 'version',
      change: { businessStatus: 'escalated' },
      // A version is left once, and has one Provenance: what changes nothing else must still make a new one.
      ...(isAgain && { note: `Escalated again: ${reason?.display}.` }),
      ...because(inputs),
      sentence: `${named(task)} is escalated: ${reason?.display}.`,
    };
  },
};
