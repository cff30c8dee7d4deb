import type { ReactNode } from 'react';

export type Pane = 'channel' | 'record' | 'patient';

interface TabBarProps {
  readonly pane: Pane;
  readonly unread: boolean;
  onChoose(pane: Pane): void;
}

const TABS: readonly { readonly pane: Pane; readonly label: string; readonly icon: ReactNode }[] = [
  {
    pane: 'channel',
    label: 'Channel',
    icon: <path d="M8 3L6 17M14 3l-2 14M3.500 7.500h14M2.500 12.500h14" />,
  },
  {
    pane: 'record',
    label: 'Record',
    icon: (
      <path d="M5 2.500h7l3.500 3.500v11.500H5zM11.500 2.500V6.500H15.500M7.500 10.500h5.500M7.500 13.500h5.500" />
    ),
  },
  {
    pane: 'patient',
    label: 'Patient',
    icon: <path d="M3 4h14v9.500H9.500L6 16.500v-3H3z" />,
  },
];

/** On a phone: which of the three panes is shown. */
export function TabBar({ pane, unread, onChoose }: TabBarProps) {
  return (
    <nav className="tabs" aria-label="Panes">
      {TABS.map((tab) => (
        <button
          key={tab.pane}
          type="button"
          className="tabs__tab"
          data-testid={tab.pane === 'patient' ? 'patient-writes' : `tab-${tab.pane}`}
          aria-current={pane === tab.pane ? 'page' : undefined}
          onClick={() => onChoose(tab.pane)}
        >
          <svg
            viewBox="0 0 20 20"
            width="20"
            height="20"
            aria-hidden="true"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.500"
            strokeLinejoin="round"
            strokeLinecap="round"
          >
            {tab.icon}
          </svg>
          {tab.label}
          {tab.pane === 'channel' && unread ? <span className="tabs__dot" /> : null}
        </button>
      ))}
    </nav>
  );
}
