import { useConnection } from '../data/live.ts';
import { ActAs } from '../workspace/act-as.tsx';
import { ClockControl } from './clock-control.tsx';
import { AppMark } from './marks.tsx';

interface TopBarProps {
  /** Absent where the patient's form has a place of its own. */
  readonly writing?: { readonly open: boolean; toggle(): void };
  onActAs(user: string): void;
  readonly children?: React.ReactNode;
}

/** The brand, whether the page hears the sandbox, the clinic's clock, the patient's door, and who is acting. */
export function TopBar({ writing, onActAs, children }: TopBarProps) {
  return (
    <header className="top">
      <div className="brand">
        <AppMark />
        <h1>
          Switchboard <span>sandbox</span>
        </h1>
      </div>
      <ConnectionMark />
      <ClockControl />
      <div className="top__space" />
      {writing === undefined ? null : (
        <button
          type="button"
          className="button button--primary"
          data-testid="patient-writes"
          aria-expanded={writing.open}
          onClick={writing.toggle}
        >
          A patient writes…
        </button>
      )}
      <ActAs onChoose={onActAs} />
      {children}
    </header>
  );
}

const SAID = { connecting: 'Connecting', live: 'Live', lost: 'Reconnecting' } as const;

function ConnectionMark() {
  const connection = useConnection();
  return (
    <span className={`connection connection--${connection}`} role="status" data-testid="connection">
      {SAID[connection]}
    </span>
  );
}
