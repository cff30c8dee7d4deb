interface EmptyChannelProps {
  onWrite(): void;
}

/** What to do when nothing has happened yet. */
export function EmptyChannel({ onWrite }: EmptyChannelProps) {
  return (
    <div className="empty">
      <h3>Quiet so far</h3>
      <p>
        When a patient writes to this pool, a card arrives here. Then claim it, or reroute it, as anyone on
        the care team.
      </p>
      <button type="button" className="button" onClick={onWrite}>
        Write as a patient
      </button>
    </div>
  );
}
