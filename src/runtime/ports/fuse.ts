/*
 * Where a process may die. Whatever is written in several steps can be left half done by a crash; these are the points
 * between the steps, so that a test can let a real process die at each of them and look at what is made of it.
 */

/** Every point, in the order in which a press comes by. */
export const CRASH_POINTS = [
  'journal-begun',
  'task-written',
  'successor-written',
  'thread-written',
  'provenance-written',
  'journal-ended',
  'transacted',
  'committed',
  'marked',
  'post-begun',
  'posted',
  'post-kept',
  'redrawn',
  'redraw-kept',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

/**
 * Told of each point as it is passed.
 *
 * @param about the id of the Task that it is about, where it is about one.
 */
export type Fuse = (point: CrashPoint, about?: string) => void;

/** Nothing happens at any point: what everybody has but a test of crashes. */
export const NO_FUSE: Fuse = () => {};
