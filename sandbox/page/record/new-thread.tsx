import { loadConversation } from '../data/fhir.ts';
import { useLive } from '../data/live.ts';
import { Thread } from './thread.tsx';

const nothing = () => {};

/** What a patient has just written, while there is no Task of it: two Communications, and a rule that may want more. */
export function NewThread({ thread }: { readonly thread: string }) {
  const { value, error } = useLive(
    `thread ${thread}`,
    () => loadConversation(`Communication/${thread}`),
    (event) => event.kind === 'fhir' && event.resourceType === 'Communication',
  );
  return (
    <>
      <div className="awaiting" role="status" data-testid="record-awaiting">
        <strong>In the record, without a Task</strong>
        <p>Switchboard makes one as soon as a rule says that this message needs an answer.</p>
      </div>
      {error === undefined ? null : (
        <p className="problem" role="alert">
          {error}
        </p>
      )}
      {value === undefined ? null : (
        <Thread
          conversation={value}
          answers={[]}
          owner={undefined}
          pointed={undefined}
          onFollowUp={nothing}
        />
      )}
    </>
  );
}
