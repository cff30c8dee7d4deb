import { named, onlyHolder } from './holder.ts';
import { because, NOTE_FIELD, REASON_FIELD, refuse, type Verb } from './verb.ts';

/** Closes a Task whose message has been answered; with a reason, one that needs no answer in the thread. */
export const complete: Verb = {
  name: 'complete',
  label: 'Complete',
  description: 'Close your Task: the patient has an answer',
  past: 'completed',
  fields: [
    { ...REASON_FIELD, hint: 'Why it is done without an answer in the thread', required: false },
    { ...NOTE_FIELD, label: 'Note' },
  ],
  needsAnswer: true,
  reasons: 'completion',
  offer: (standing) => (standing === 'claimed' ? 'button' : undefined),
  decide: (inputs, situation) => {
    const refused = onlyHolder(situation, 'complete it');
    if (refused) return refused;
    const { task, thread, answer } = situation;
    if (answer === undefined && inputs.reason === undefined) {
      const missing = thread
        ? 'Nobody has answered in the thread yet.'
        : 'This Task has no thread in which an answer could be.';
      return refuse(`${missing} Say why it is done without an answer.`, 'reason');
    }
    const how = answer ? ' with the newest answer in its thread' : `: ${inputs.reason?.display}`;
    return {
      kind: 'accepted',
      verb: complete.name,
      guard: 'version',
      change: {
        status: 'completed',
        businessStatus: 'completed',
        ...(answer && { output: { reference: `Communication/${answer.id}` } }),
      },
      ...because(inputs),
      sentence: `${named(task)} is completed${how}.`,
    };
  },
};
