import { useRef } from 'react';
import { useNow } from '../data/now.ts';
import { ago } from '../data/time.ts';
import { useCardLinks } from './card-links.ts';
import { PlatformMark } from './marks.tsx';
import { otherThan, type Platform, TITLES } from './platforms.ts';
import type { CardPlace } from './twins.ts';

interface TwinProps {
  readonly platform: Platform;
  readonly task: string;
  readonly channel: string;
}

/** Below a card: that the same Task has one on the other platform, when that one followed, and the way to it. */
export function Twin({ platform, task, channel }: TwinProps) {
  const { twin, open } = useCardLinks();
  const card = twin(platform, task, channel);
  if (card === undefined) return null;
  return (
    <button
      type="button"
      className="twin"
      data-testid={`also-in-${otherThan(platform)}`}
      onClick={() => open(card)}
    >
      <Whereabouts key={card.message} card={card} />
    </button>
  );
}

/** Draws the eye for a moment when the other card has followed. */
function Whereabouts({ card: { platform, updated } }: { readonly card: CardPlace }) {
  const now = useNow();
  const at = updated?.getTime();
  const first = useRef(at);
  return (
    <span key={at} className={at === first.current ? undefined : 'changed'}>
      <PlatformMark platform={platform} />
      Also in {TITLES[platform]}
      {updated === undefined ? null : <small>updated {ago(updated, now)}</small>}
    </span>
  );
}
