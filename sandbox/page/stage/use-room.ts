import { useSyncExternalStore } from 'react';

const phone = window.matchMedia('(max-width: 760px)');
const wide = window.matchMedia('(min-width: 1600px)');

/** Room for one pane only, for one platform beside the record, or for both. The style sheets use the same widths. */
export type Room = 'phone' | 'desk' | 'wide';

export const useRoom = (): Room =>
  useSyncExternalStore(
    (changed) => {
      for (const query of [phone, wide]) query.addEventListener('change', changed);
      return () => {
        for (const query of [phone, wide]) query.removeEventListener('change', changed);
      };
    },
    () => {
      if (phone.matches) return 'phone';
      return wide.matches ? 'wide' : 'desk';
    },
  );
