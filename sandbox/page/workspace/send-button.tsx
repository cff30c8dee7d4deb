interface SendButtonProps {
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly testId?: string;
}

/** Submits what stands in a composer. */
export function SendButton({ busy, disabled, testId }: SendButtonProps) {
  return (
    <button
      type="submit"
      className="button button--icon"
      aria-label="Send"
      data-testid={testId}
      aria-busy={busy}
      disabled={disabled}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M2.500 2.600l11.500 5.400-11.500 5.400 1.700-5.400z" />
        <path d="M4.200 8h5" fill="none" stroke="var(--surface)" strokeWidth="1.200" />
      </svg>
    </button>
  );
}
