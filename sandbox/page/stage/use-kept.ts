import { useState } from 'react';

/** A choice that outlives a reload of this tab. */
export function useKept(name: string): [string | undefined, (value: string) => void] {
  const key = `switchboard.${name}`;
  const [value, setValue] = useState(() => sessionStorage.getItem(key) ?? undefined);
  return [
    value,
    (next) => {
      sessionStorage.setItem(key, next);
      setValue(next);
    },
  ];
}
