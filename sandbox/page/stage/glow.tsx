import { useRef } from 'react';

/** Draws the eye for a moment to what changed while one looked; `at` is what stays the same until then. */
export function Glow({ at }: { readonly at: string | undefined }) {
  const first = useRef(at);
  return at === first.current ? null : <span key={at} className="glow" aria-hidden="true" />;
}
