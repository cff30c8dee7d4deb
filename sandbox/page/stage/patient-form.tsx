import { type FormEvent, useState } from 'react';
import {
  type PatientMessage,
  PRIORITIES,
  type Sample,
  sayAsPatient,
  type Written,
  writeWithTask,
} from '../data/clinic.ts';
import { sentenceOf } from '../data/http.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { useKept } from './use-kept.ts';

/** What is in the record now; a Task only where the form wrote one. */
export interface SentMessage extends Written {
  readonly task?: string;
}

interface PatientFormProps {
  /** The pool to begin with. */
  readonly poolId: string | undefined;
  /** The message is in the record, about what the people of this pool know. */
  onSent(sent: SentMessage, poolId: string): void;
}

/** A patient writes: who, to which pool, how urgently, and what; the text begins as a sample that one can shuffle. */
export function PatientForm({ poolId, onSent }: PatientFormProps) {
  const { clinic } = useWorkspace();
  const [lastText, setLastText] = useKept('last-message');
  const [sample, setSample] = useState(() => firstSample(clinic.samples, poolId, lastText));
  const [patient, setPatient] = useState(clinic.patients[0]?.key ?? '');
  const [letter, setLetter] = useState(() =>
    letterOf(clinic.samples[sample], poolId ?? clinic.pools[0]?.id ?? ''),
  );
  const [withTask, setWithTask] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const take = (next: number) => {
    setSample(next);
    setLetter(letterOf(clinic.samples[next], letter.pool));
  };

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const write: (message: PatientMessage) => Promise<SentMessage> = withTask
        ? writeWithTask
        : sayAsPatient;
      const sent = await write({ patient, ...letter });
      setLastText(letter.text);
      take((sample + 1) % Math.max(clinic.samples.length, 1));
      onSent(sent, letter.pool);
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="patient-form" onSubmit={send}>
      <label className="field">
        <span className="field__label">Patient</span>
        <select
          className="select"
          data-testid="patient-name"
          value={patient}
          onChange={(event) => setPatient(event.target.value)}
        >
          {clinic.patients.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <div className="field">
        <div className="field__row">
          <label className="field__label" htmlFor="patient-text">
            Message
          </label>
          <button type="button" className="link" onClick={() => take((sample + 1) % clinic.samples.length)}>
            Another example
          </button>
        </div>
        <textarea
          id="patient-text"
          className="input input--tall"
          data-testid="patient-text"
          dir="auto"
          rows={4}
          required
          value={letter.text}
          onChange={(event) => setLetter({ ...letter, text: event.target.value })}
        />
      </div>
      <div className="patient-form__pair">
        <label className="field">
          <span className="field__label">Pool</span>
          <select
            className="select"
            data-testid="patient-pool"
            value={letter.pool}
            onChange={(event) => setLetter({ ...letter, pool: event.target.value })}
          >
            {clinic.pools.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span className="field__label">Priority</span>
          <select
            className="select"
            data-testid="patient-priority"
            value={letter.priority}
            onChange={(event) => setLetter({ ...letter, priority: event.target.value })}
          >
            {PRIORITIES.map((priority) => (
              <option key={priority} value={priority}>
                {priority[0]?.toUpperCase()}
                {priority.slice(1)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <label className="patient-form__task">
        <input
          type="checkbox"
          data-testid="patient-with-task"
          checked={withTask}
          onChange={(event) => setWithTask(event.target.checked)}
        />
        <span>
          With a Task, as a Bot would
          <small>
            {withTask
              ? 'The Task is written beside the message; no rule is asked.'
              : 'Only the message is written. Switchboard makes the Task, by its rules.'}
          </small>
        </span>
      </label>
      {problem === undefined ? null : (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button
        type="submit"
        className="button button--primary button--wide"
        data-testid="patient-send"
        aria-busy={busy}
      >
        Send message
      </button>
    </form>
  );
}

/** A sample for the pool, if there is one, and not the one that was just sent. */
function firstSample(
  samples: readonly Sample[],
  poolId: string | undefined,
  lastText: string | undefined,
): number {
  const fresh = samples.findIndex(({ pool, text }) => pool === poolId && text !== lastText);
  return fresh < 0
    ? Math.max(
        samples.findIndex(({ pool }) => pool === poolId),
        0,
      )
    : fresh;
}

function letterOf(sample: Sample | undefined, pool: string): Sample {
  return sample ?? { pool, priority: 'routine', text: '' };
}
