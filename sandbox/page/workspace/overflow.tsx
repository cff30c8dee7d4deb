import { useState } from 'react';
import type { Element } from '../data/blocks.ts';
import { useMenu } from '../stage/use-menu.ts';
import type { Pressing } from './use-press.ts';

/** Five options, the most that Slack allows, and the composer below. */
const ROOM_FOR_MENU_PX = 280;

interface OverflowProps {
  readonly element: Element;
  readonly pressing: Pressing;
}

/** The "more" menu of a card. */
export function Overflow({ element, pressing }: OverflowProps) {
  const [upwards, setUpwards] = useState(false);
  const { open, toggle, close, box, opener, onKeyDown } = useMenu();

  return (
    <div className="overflow" ref={box}>
      <button
        ref={opener}
        type="button"
        className="button button--icon"
        aria-label={element.accessibility_label ?? 'More options'}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-busy={pressing.isBusy(element)}
        onClick={() => {
          const room = window.innerHeight - (opener.current?.getBoundingClientRect().bottom ?? 0);
          setUpwards(room < ROOM_FOR_MENU_PX);
          toggle();
        }}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <circle cx="3" cy="8" r="1.4" />
          <circle cx="8" cy="8" r="1.4" />
          <circle cx="13" cy="8" r="1.4" />
        </svg>
      </button>
      {open ? (
        <div className={upwards ? 'menu menu--up' : 'menu'} role="menu" tabIndex={-1} onKeyDown={onKeyDown}>
          {(element.options ?? []).map((option) => (
            <button
              key={option.value}
              type="button"
              role="menuitem"
              className="menu__item"
              onClick={() => {
                close();
                pressing.press(element, option.value);
              }}
            >
              {option.text.text}
              {option.description === undefined ? null : <small>{option.description.text}</small>}
            </button>
          ))}
        </div>
      ) : null}
    </div>
  );
}
