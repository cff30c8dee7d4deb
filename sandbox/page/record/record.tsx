import type { Task } from '@medplum/fhirtypes';
import { useState } from 'react';
import { loadRecord, type RecordOfTask } from '../data/fhir.ts';
import { useLive } from '../data/live.ts';
import { History } from './history-list.tsx';
import { NewThread } from './new-thread.tsx';
import { Outcomes } from './outcome-list.tsx';
import { outcomesOf } from './output.ts';
import { ResourceView } from './resource-view.tsx';
import { Succession } from './succession.tsx';
import { Summary } from './summary.tsx';
import { TaskSelect } from './task-select.tsx';
import { type Pointed, Thread } from './thread.tsx';

const STORY = new Set(['Task', 'Provenance', 'Communication']);

interface RecordProps {
  readonly task: string | undefined;
  /** A thread that was just written and has no Task yet; it is shown until there is one. */
  readonly awaited: string | undefined;
  readonly recent: readonly Task[];
  onChoose(task: string): void;
  /** The patient has written more in a thread whose Tasks are all done: there may be a new one soon. */
  onFollowUp(thread: string): void;
}

/** The FHIR record of one Task, or of a thread without one, as the server holds it now. */
export function RecordPane({ task, awaited, recent, onChoose, onFollowUp }: RecordProps) {
  const shown = awaited === undefined ? task : undefined;
  const { value, error } = useLive(
    shown,
    () => loadRecord(shown ?? ''),
    (event) => event.kind === 'fhir' && STORY.has(event.resourceType),
  );

  return (
    <section className="record" data-testid="record" data-task={shown} aria-label="FHIR record">
      <header className="record__head">
        <h2>FHIR record</h2>
        <TaskSelect task={task} recent={recent} waiting={awaited !== undefined} onChoose={onChoose} />
      </header>
      <div className="record__body" key={awaited ?? task}>
        {error === undefined ? null : (
          <p className="problem" role="alert">
            {error}
          </p>
        )}
        {awaited === undefined ? null : <NewThread thread={awaited} />}
        {awaited === undefined && task === undefined ? <Nothing /> : null}
        {value === undefined ? null : (
          <Story key={value.task.id} record={value} onChoose={onChoose} onFollowUp={onFollowUp} />
        )}
      </div>
    </section>
  );
}

interface StoryProps extends Pick<RecordProps, 'onChoose' | 'onFollowUp'> {
  readonly record: RecordOfTask;
}

function Story({ record, onChoose, onFollowUp }: StoryProps) {
  const [version, setVersion] = useState<string>();
  const [pointed, setPointed] = useState<Pointed>();
  const outcomes = outcomesOf(record.task, record.messages);
  return (
    <>
      <Succession record={record} onChoose={onChoose} />
      <Summary record={record} />
      <Outcomes
        outcomes={outcomes}
        onPoint={(message) => setPointed({ message, turn: (pointed?.turn ?? 0) + 1 })}
      />
      <Thread
        conversation={record}
        answers={outcomes.flatMap(({ message }) => message?.id ?? [])}
        owner={record.task.owner}
        pointed={pointed}
        onFollowUp={() => {
          if (isClosed(record)) onFollowUp(record.thread?.id ?? '');
        }}
      />
      <History record={record} shown={version} onShow={setVersion} />
      <ResourceView versions={record.versions} shown={version} onShow={setVersion} />
    </>
  );
}

const DONE = new Set<string>(['completed', 'cancelled', 'rejected', 'failed', 'entered-in-error']);

const isClosed = ({ task, siblings }: RecordOfTask): boolean =>
  [task, ...siblings].every(({ status }) => DONE.has(status));

function Nothing() {
  return (
    <div className="empty">
      <h3>No Task yet</h3>
      <p>
        When a patient writes, the Task and everything that happens to it is shown here, straight from the
        FHIR server.
      </p>
    </div>
  );
}
