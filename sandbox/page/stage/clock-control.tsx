import { useState } from 'react';
import { type ClockMove, moveClock } from '../data/clock.ts';
import { sentenceOf } from '../data/http.ts';
import { useNow } from '../data/now.ts';
import { clockTime, longDay, shortDay } from '../data/time.ts';
import { Glow } from './glow.tsx';
import { useMenu } from './use-menu.ts';

const MINUTE_MS = 60_000;

const STEPS = [
  { minutes: 15, label: '+15 min' },
  { minutes: 60, label: '+1 h' },
] as const;

/** What the clinic's clock shows, and the way to move it forward: nothing moves it back. */
export function ClockControl() {
  const now = useNow();
  const { open, toggle, close, box, opener, onKeyDown } = useMenu();
  const [moving, setMoving] = useState(false);
  const [moved, setMoved] = useState<Date>();
  const [problem, setProblem] = useState<string>();

  const move = async (how: ClockMove) => {
    close();
    if (moving) return;
    setMoving(true);
    setProblem(undefined);
    try {
      setMoved(new Date((await moveClock(how)).now));
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setMoving(false);
    }
  };

  return (
    <div className="clock" ref={box}>
      <button
        ref={opener}
        type="button"
        className="clock__face"
        data-testid="clock"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-busy={moving}
        onClick={toggle}
      >
        <ClockMark />
        <span className="visually-hidden">The clinic’s time: </span>
        <time dateTime={now.toISOString()} data-testid="clock-time">
          <span className="clock__day">
            {shortDay(now)}
            <span>, </span>
          </span>
          <strong>{clockTime(now)}</strong>
        </time>
        <span className="visually-hidden">. Move it forward</span>
        <svg className="clock__arrow" viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
          <path d="M3.500 6l4.500 4.500L12.500 6" fill="none" stroke="currentColor" strokeWidth="1.600" />
        </svg>
        <Glow at={moved?.toISOString()} />
      </button>
      {open ? (
        <div
          className="menu clock__menu"
          role="menu"
          aria-label="Move the clinic’s clock forward"
          tabIndex={-1}
          onKeyDown={onKeyDown}
        >
          <p className="clock__lead" aria-hidden="true">
            Move the clinic’s clock
          </p>
          {STEPS.map(({ minutes, label }) => (
            <button
              key={minutes}
              type="button"
              role="menuitem"
              className="menu__item clock__step"
              data-testid={`clock-${minutes}`}
              onClick={() => move({ advance: minutes })}
            >
              {label} <small>{clockTime(new Date(now.getTime() + minutes * MINUTE_MS))}</small>
            </button>
          ))}
          <button
            type="button"
            role="menuitem"
            className="menu__item clock__step"
            data-testid="clock-next-morning"
            onClick={() => move({ to: 'next-morning' })}
          >
            Next morning <small>just before 08:00</small>
          </button>
        </div>
      ) : null}
      {problem === undefined ? null : (
        <p className="problem clock__problem" role="alert">
          {problem}
        </p>
      )}
      <p className="visually-hidden" role="status">
        {moved === undefined ? '' : `The clinic’s clock was moved to ${longDay(moved)}, ${clockTime(moved)}.`}
      </p>
    </div>
  );
}

function ClockMark() {
  return (
    <svg
      className="clock__mark"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.500"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.500V8l2.300 1.600" />
    </svg>
  );
}
