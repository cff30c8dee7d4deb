/** What somebody asks about their own daily digest. `at` is `HH:MM`. */
export type DigestWish =
  | { readonly kind: 'on'; readonly at: string }
  | { readonly kind: 'off' }
  | { readonly kind: 'tell' };

/** When a digest comes to somebody who does not say when. */
const USUAL = '08:00';

/** Reads "on", "on 7:30", "off", or nothing; undefined for anything else. */
export function readDigestWish(text: string): DigestWish | undefined {
  const words = text.trim().toLowerCase();
  if (words === '') return { kind: 'tell' };
  if (words === 'off') return { kind: 'off' };
  if (words === 'on') return { kind: 'on', at: USUAL };
  const [, hour = '', minute = ''] =
    /^on (?:at )?([01]?\d|2[0-3])[:.]([0-5]\d)$/.exec(words.replace(/\s+/g, ' ')) ?? [];
  return hour === '' ? undefined : { kind: 'on', at: `${hour.padStart(2, '0')}:${minute}` };
}
