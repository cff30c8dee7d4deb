/** Says that nobody else sees this; with `onDismiss`, how to be rid of it. */
export function PrivateMark({ onDismiss }: { onDismiss?(): void }) {
  return (
    <p className="message__private">
      <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
        <path
          d="M1.5 8s2.4-4.2 6.5-4.2S14.500 8 14.500 8s-2.400 4.200-6.500 4.200S1.500 8 1.500 8z"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.3"
        />
        <circle cx="8" cy="8" r="1.9" fill="currentColor" />
      </svg>
      Only visible to you
      {onDismiss === undefined ? null : (
        <button type="button" className="message__record" onClick={onDismiss}>
          Dismiss
        </button>
      )}
    </p>
  );
}
