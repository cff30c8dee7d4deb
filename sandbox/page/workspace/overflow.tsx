import { useEffect, useRef, useState } from 'react';
import type { Element } from '../data/blocks.ts';
import type { Pressing } from './use-press.ts';

/** Five options, the most that Slack allows, and the composer below. */
const ROOM_FOR_MENU_PX = 280;

interface OverflowProps {
  readonly element: Element;
  readonly pressing: Pressing;
}

/** The "more" menu of a card: arrow keys move, Escape and a press elsewhere close it. */
export function Overflow({ element, pressing }: OverflowProps) {
  const [open, setOpen] = useState(false);
  const [upwards, setUpwards] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const pressedElsewhere = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', pressedElsewhere);
    return () => document.removeEventListener('pointerdown', pressedElsewhere);
  }, [open]);

  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const at = items.findIndex((item) => item.matches(':focus'));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      items[(at + step + items.length) % items.length]?.focus();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab') {
      setOpen(false);
    }
  };

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
          setOpen(!open);
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
