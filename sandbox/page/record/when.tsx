import { useNow } from '../data/now.ts';
import { ago, clockTimeWithSeconds, fullTime, withDay } from '../data/time.ts';

/** An instant of the record: the clock time, and how long ago it was. */
export function When({ instant }: { readonly instant: string | undefined }) {
  const now = useNow();
  if (instant === undefined) return null;
  const date = new Date(instant);
  return (
    <time className="when" dateTime={instant} title={fullTime(date)}>
      <span className="when__ago">{ago(date, now)} · </span>
      {withDay(clockTimeWithSeconds(date), date, now)}
    </time>
  );
}
