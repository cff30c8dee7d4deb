import type { Task } from '@medplum/fhirtypes';
import { nameOf } from './changes.ts';

interface TaskSelectProps {
  readonly task: string | undefined;
  readonly recent: readonly Task[];
  /** A message was just written, and has no Task yet. */
  readonly waiting: boolean;
  onChoose(task: string): void;
}

/** Which Task's record is shown: one of the newest. */
export function TaskSelect({ task, recent, waiting, onChoose }: TaskSelectProps) {
  if (recent.length === 0) return null;
  return (
    <select
      className="select select--quiet"
      data-testid="record-task"
      aria-label="Task"
      value={waiting ? '' : (task ?? '')}
      onChange={(event) => onChoose(event.target.value)}
    >
      {waiting ? <option value="">New message · no Task yet</option> : null}
      {recent.map((one) => (
        <option key={one.id} value={one.id}>
          {[
            `Task/${one.id?.slice(0, 8)}`,
            nameOf(one.performerType?.[0]) ?? one.owner?.display,
            one.status,
          ].join(' · ')}
        </option>
      ))}
      {task !== undefined && !recent.some((one) => one.id === task) ? (
        <option value={task}>Task/{task.slice(0, 8)}</option>
      ) : null}
    </select>
  );
}
