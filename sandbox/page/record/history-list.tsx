import type { Provenance, Task } from '@medplum/fhirtypes';
import type { RecordOfTask } from '../data/fhir.ts';
import { Changes } from './change-list.tsx';
import { changesBetween } from './changes.ts';
import { deedOf } from './deed.ts';
import { historyOf, type Moment, type VersionOfTask } from './history.ts';
import { Section } from './section.tsx';
import { useParty } from './use-party.ts';
import { When } from './when.tsx';

interface HistoryProps {
  readonly record: RecordOfTask;
  /** The version that is shown as the resource; undefined for the newest. */
  readonly shown: string | undefined;
  onShow(versionId: string): void;
}

/** What happened to the Task, newest first: who did what and why, and what that changed in the resource. */
export function History({ record: { versions, provenance }, shown, onShow }: HistoryProps) {
  return (
    <Section title="History" source="Task/…/_history, Provenance">
      <ol className="trail">
        {historyOf(versions, provenance).map((moment) => (
          <li key={moment.key} data-testid="timeline-entry">
            <Headline moment={moment} />
            {moment.version === undefined ? null : (
              <Version
                version={moment.version}
                pressed={
                  shown === undefined
                    ? moment.version.task === versions[0]
                    : shown === moment.version.task.meta?.versionId
                }
                onShow={onShow}
              />
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Headline({ moment: { at, provenance, version } }: { readonly moment: Moment }) {
  if (provenance !== undefined) return <Deed provenance={provenance} at={at} />;
  const isFirst = version?.before === undefined;
  return (
    <p className="trail__line">
      <strong>{isFirst ? 'Created' : 'Changed'}</strong>
      {isFirst && isMadeByRule(version?.task) ? (
        <>
          <span>by Switchboard</span>
          <span className="tag">Automatic</span>
        </>
      ) : null}
      <When instant={at} />
    </p>
  );
}

/** A Task that Switchboard made names the message that it is for. */
const isMadeByRule = (task: Task | undefined): boolean =>
  task?.identifier?.some(({ system }) => system === 'urn:switchboard:intake') ?? false;

function Deed({ provenance, at }: { readonly provenance: Provenance; readonly at: string | undefined }) {
  const party = useParty();
  const { verb, by, through, onBehalfOf, reason, automatic } = deedOf(provenance);
  return (
    <div data-testid="provenance-item" data-automatic={automatic}>
      <p className="trail__line">
        <strong>{verb}</strong>
        <span>by</span>
        <span dir="auto">{by.map(party).join(', ')}</span>
        {automatic ? <span className="tag">Automatic</span> : null}
        <When instant={at} />
      </p>
      {reason === undefined ? null : <p className="trail__reason">Reason: {reason}</p>}
      {through.length === 0 ? null : (
        <p className="trail__more">
          Through {through.map(party).join(', ')}
          {onBehalfOf.length === 0 ? null : `, on behalf of ${onBehalfOf.map(party).join(', ')}`}
        </p>
      )}
    </div>
  );
}

interface VersionProps {
  readonly version: VersionOfTask;
  readonly pressed: boolean;
  onShow(versionId: string): void;
}

function Version({ version: { task, before, number }, pressed, onShow }: VersionProps) {
  return (
    <div className="trail__version" data-testid="version-item">
      {before === undefined ? null : <Changes changes={changesBetween(before, task)} />}
      <button
        type="button"
        className="link"
        aria-pressed={pressed}
        onClick={() => onShow(task.meta?.versionId ?? '')}
      >
        Version {number}
      </button>
    </div>
  );
}
