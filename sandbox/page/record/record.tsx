import type { Task } from '@medplum/fhirtypes';
import { useState } from 'react';
import { loadRecord } from '../data/fhir.ts';
import { useLive } from '../data/live.ts';
import { nameOf } from './changes.ts';
import { ProvenanceList } from './provenance-list.tsx';
import { ResourceView } from './resource-view.tsx';
import { Summary } from './summary.tsx';
import { Thread } from './thread.tsx';
import { Versions } from './versions.tsx';

const STORY = new Set(['Task', 'Provenance', 'Communication']);

interface RecordProps {
  readonly task: string | undefined;
  readonly recent: readonly Task[];
  onChoose(task: string): void;
}

/** The FHIR record of one Task, as the server holds it now. */
export function RecordPane({ task, recent, onChoose }: RecordProps) {
  const { value, error } = useLive(
    task,
    () => loadRecord(task ?? ''),
    (event) => event.kind === 'fhir' && STORY.has(event.resourceType),
  );
  const [version, setVersion] = useState<{ task: string | undefined; id: string | undefined }>();
  const shown = version?.task === task ? version?.id : undefined;
  const show = (id: string | undefined) => setVersion({ task, id });

  return (
    <section className="record" data-testid="record" data-task={task} aria-label="FHIR record">
      <header className="record__head">
        <h2>FHIR record</h2>
        {recent.length === 0 ? null : (
          <select
            className="select select--quiet"
            aria-label="Task"
            value={task ?? ''}
            onChange={(event) => onChoose(event.target.value)}
          >
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
        )}
      </header>
      <div className="record__body" key={task}>
        {error === undefined ? null : (
          <p className="problem" role="alert">
            {error}
          </p>
        )}
        {task === undefined ? <Nothing /> : null}
        {value === undefined ? null : (
          <>
            <Summary key={value.task.id} record={value} />
            <Thread record={value} />
            <ProvenanceList provenance={value.provenance} />
            <Versions versions={value.versions} shown={shown} onShow={show} />
            <ResourceView versions={value.versions} shown={shown} onShow={show} />
          </>
        )}
      </div>
    </section>
  );
}

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
