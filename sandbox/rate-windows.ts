/** At most `most` in `seconds`. */
export interface RateWindow {
  readonly most: number;
  readonly seconds: number;
}

/** How long, in milliseconds, until one more call fits the window; 0 where it does now. @param times oldest first. */
export function waitMs({ most, seconds }: RateWindow, times: readonly number[], now: number): number {
  const inWindow = times.filter((at) => now - at < seconds * 1000);
  if (inWindow.length < most) return 0;
  const leaves = inWindow[inWindow.length - most] ?? now;
  return leaves + seconds * 1000 - now;
}
