/** What one may do in a place where no cards arrive by themselves. */
export function EmptyChat({ personal }: { readonly personal: boolean }) {
  return (
    <div className="empty">
      <h3>{personal ? 'Ask Switchboard' : 'Quiet so far'}</h3>
      <p>
        {personal
          ? 'Type “tasks” to see what waits for this person. What is written here only the two of you see.'
          : 'No pool’s messages arrive in this channel.'}
      </p>
    </div>
  );
}
