import type { Reference } from '@medplum/fhirtypes';
import { type ReactNode, useRef } from 'react';
import type { RecordOfTask } from '../data/fhir.ts';
import { nameOf } from './changes.ts';
import { useParty } from './use-party.ts';

/** Where the Task stands: its status in words and colour, who has it, and whom the thread is addressed to. */
export function Summary({ record: { task, thread } }: { readonly record: RecordOfTask }) {
  const party = useParty();
  const recipients = (thread?.recipient ?? []).map((reference: Reference) => party(reference)).join(', ');
  const detail = nameOf(task.businessStatus);
  const pool = task.performerType?.map(nameOf).join(', ');
  return (
    <dl className="summary">
      <Fact label="Status" testId="record-status" value={`${task.status} ${detail}`}>
        <span className={`status status--${task.status}`}>{task.status}</span>
        {detail === undefined || detail === task.status ? null : <span className="quiet">{detail}</span>}
      </Fact>
      <Fact label="Owner" testId="record-owner" value={party(task.owner)}>
        <Party name={party(task.owner)} />
      </Fact>
      <Fact label="Pool" testId="record-pool" value={pool}>
        {pool ?? <span className="quiet">none</span>}
      </Fact>
      <Fact label="Priority" testId="record-priority" value={task.priority}>
        <span className={`priority priority--${task.priority ?? 'routine'}`}>
          {task.priority ?? 'routine'}
        </span>
      </Fact>
      <Fact label="Patient" testId="record-patient" value={party(task.for)}>
        <Party name={party(task.for)} />
      </Fact>
      <Fact label="Recipient" testId="record-recipient" value={recipients}>
        <Party name={recipients === '' ? undefined : recipients} />
      </Fact>
    </dl>
  );
}

interface FactProps {
  readonly label: string;
  readonly testId: string;
  readonly value: string | undefined;
  readonly children: ReactNode;
}

/** A fact that changed while one looked draws the eye for a moment. */
function Fact({ label, testId, value, children }: FactProps) {
  const first = useRef(value);
  return (
    <div className="summary__fact">
      <dt>{label}</dt>
      <dd key={value} data-testid={testId} className={value === first.current ? undefined : 'changed'}>
        {children}
      </dd>
    </div>
  );
}

function Party({ name }: { readonly name: string | undefined }) {
  return name === undefined ? <span className="quiet">nobody</span> : <span dir="auto">{name}</span>;
}
