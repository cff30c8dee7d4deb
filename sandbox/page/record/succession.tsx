import type { Task } from '@medplum/fhirtypes';
import type { RecordOfTask } from '../data/fhir.ts';
import { nameOf, partyOf } from './changes.ts';
import { replacementOf } from './replacement.ts';

interface SuccessionProps {
  readonly record: RecordOfTask;
  onChoose(task: string): void;
}

/** The thread's other Tasks: the one that a reroute made in the place of this one, the one before, and any further. */
export function Succession({ record: { task, siblings, provenance }, onChoose }: SuccessionProps) {
  const { replaces, replacedBy } = replacementOf(task, siblings, provenance);
  const other = (id: string) => siblings.find((one) => one.id === id);
  const further = siblings.filter(({ id }) => id !== replaces && id !== replacedBy);
  if (siblings.length === 0 && replaces === undefined && replacedBy === undefined) return null;
  return (
    <div className="succession">
      {replacedBy === undefined ? null : (
        <Way
          testId="replaced-by"
          said="Replaced by"
          id={replacedBy}
          task={other(replacedBy)}
          onChoose={onChoose}
        />
      )}
      {replaces === undefined ? null : (
        <Way testId="replaces" said="Replaces" id={replaces} task={other(replaces)} onChoose={onChoose} />
      )}
      {further.map((one) => (
        <Way
          key={one.id}
          testId="same-thread"
          said="Same thread"
          id={one.id ?? ''}
          task={one}
          onChoose={onChoose}
        />
      ))}
    </div>
  );
}

interface WayProps {
  readonly testId: string;
  readonly said: string;
  readonly id: string;
  readonly task: Task | undefined;
  onChoose(task: string): void;
}

function Way({ testId, said, id, task, onChoose }: WayProps) {
  const where = partyOf(task?.owner) ?? nameOf(task?.performerType?.[0]);
  return (
    <p className="succession__way" data-testid={testId}>
      <span>{said}</span>
      <button type="button" className="link" data-testid={`${testId}-link`} onClick={() => onChoose(id)}>
        Task/{id.slice(0, 8)}
      </button>
      {where === undefined ? null : <span dir="auto">{where}</span>}
      {task === undefined ? null : <span className={`status status--${task.status}`}>{task.status}</span>}
    </p>
  );
}
