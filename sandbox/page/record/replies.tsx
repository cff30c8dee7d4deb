import type { Communication, Reference } from '@medplum/fhirtypes';
import { useState } from 'react';
import { answerInThread, sayAsPatient } from '../data/clinic.ts';
import type { Person } from '../data/slack.ts';
import { inOrder } from '../workspace/people.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { Reply } from './reply.tsx';
import { useParty } from './use-party.ts';

interface RepliesProps {
  readonly thread: Communication;
  readonly owner: Reference | undefined;
  onFollowUp(): void;
}

/** Go on with the conversation: as its patient, or as somebody of the clinic, the Task's owner unless another is chosen. */
export function Replies({ thread, owner, onFollowUp }: RepliesProps) {
  const { people, user } = useWorkspace();
  const party = useParty();
  const [chosen, setChosen] = useState<string>();
  const staff = inOrder(people).flatMap((person) => (person.practitioner === null ? [] : [staffOf(person)]));
  const by = chosen ?? idOf(owner?.reference) ?? idOf(user.practitioner ?? undefined) ?? staff[0]?.id ?? '';
  const patient = party(thread.subject) ?? 'the patient';
  const id = thread.id ?? '';

  return (
    <div className="replies">
      <Reply
        testId="follow-up"
        side="patient"
        placeholder={`Write as ${firstName(patient)}…`}
        send={async (text) => {
          await sayAsPatient({ thread: id, text });
          onFollowUp();
        }}
      />
      <Reply
        testId="answer"
        side="staff"
        placeholder="Write an answer…"
        send={async (text) => {
          await answerInThread({ thread: id, by, text });
        }}
      >
        <label className="reply__by">
          <span>Answer as</span>
          <select
            className="select select--quiet"
            data-testid="answer-by"
            value={by}
            onChange={(event) => setChosen(event.target.value)}
          >
            {staff.some((one) => one.id === by) ? null : <option value={by}>{party(owner)}</option>}
            {staff.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      </Reply>
    </div>
  );
}

const staffOf = ({ practitioner, name }: Person) => ({ id: idOf(practitioner ?? undefined) ?? '', name });

/** "Practitioner/1" or "1" -> "1" */
const idOf = (reference: string | undefined): string | undefined => reference?.split('/').at(-1);

const firstName = (name: string): string => name.split(' ')[0] ?? name;
