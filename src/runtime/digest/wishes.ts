import type { DigestWish } from '../../clock/digest-words.ts';
import { NO_CLOCK } from '../../clock/pool-clock.ts';
import { isActive } from '../../routing/eligibility.ts';
import type { DeskParts } from '../desk-parts.ts';
import type { ChatUser } from '../ports/chat.ts';
import type { Answer } from '../ports/desk.ts';

/** Does what somebody asks about their own daily digest, and says so. */
export type TakeWish = (wish: DigestWish, by: ChatUser) => Promise<Answer>;

export function createTakeWish({
  people,
  ledger,
  rules,
}: Pick<DeskParts, 'people' | 'ledger' | 'rules'>): TakeWish {
  const { personal } = ledger.digests;
  const { zone } = (rules.clock ?? NO_CLOCK).hours;
  const when = (at: string) => `on weekdays at ${at} (${zone.replaceAll('_', ' ')})`;

  return async (wish, by) => {
    const identity = await people.identify(by);
    if (identity.kind === 'stranger') return { kind: 'refused', sentence: identity.sentence };
    const { practitioner } = identity.member;
    switch (wish.kind) {
      case 'on':
        if (!isActive(practitioner)) return { kind: 'refused', sentence: NOT_ACTIVE };
        await personal.set(by, practitioner.id, wish.at);
        return done(`Your Tasks come to you in a direct message ${when(wish.at)}. /digest off ends that.`);
      case 'off':
        return done((await personal.end(by)) ? 'You get no digest any more.' : NONE);
      case 'tell': {
        const at = await personal.timeOf(by);
        return done(at === undefined ? NONE : `Your digest comes ${when(at)}. /digest off ends that.`);
      }
      default:
        return wish satisfies never;
    }
  };
}

const NONE = 'You get no digest. /digest on 07:30 sends you your Tasks on weekdays at that time.';
const NOT_ACTIVE =
  'Your Practitioner record is not active, so no digest is sent to you. Ask your administrator.';

function done(sentence: string): Answer {
  return { kind: 'done', sentence };
}
