import { type Platform, TITLES } from './platforms.ts';

/** The mark of the product: two jacks and the cord between them. */
export function AppMark() {
  return (
    <span className="app-mark" aria-hidden="true">
      <svg viewBox="0 0 32 32" width="100%" height="100%" aria-hidden="true">
        <path
          d="M10 11v4c0 8 12 2 12 6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.6"
          strokeLinecap="round"
        />
        <circle cx="10" cy="9" r="3.2" fill="currentColor" />
        <circle cx="22" cy="23" r="3.2" fill="currentColor" />
      </svg>
    </span>
  );
}

const GLYPHS: Readonly<Record<Platform, string>> = {
  slack: 'M6.500 2.500v11M10.500 2.500v11M3 6h10.500M2.500 10H13',
  teams:
    'M6 7.200a2.200 2.200 0 1 0 0-4.400a2.200 2.200 0 0 0 0 4.400zM2 13.200c0-5 8-5 8 0zM11 7.200a1.800 1.800 0 1 0 0-3.600M12.200 13.200h1.800c0-2.200-1-3.600-2.600-4',
};

/** A sign for each platform, ours and not theirs: the channel's hash, and two people. */
export function PlatformMark({ platform }: { readonly platform: Platform }) {
  return (
    <svg
      className={`platform-mark platform-mark--${platform}`}
      viewBox="0 0 16 16"
      width="15"
      height="15"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.500"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={GLYPHS[platform]} />
    </svg>
  );
}

/** The mark with the platform's name. */
export function PlatformName({ platform }: { readonly platform: Platform }) {
  return (
    <span className="platform-name">
      <PlatformMark platform={platform} />
      {TITLES[platform]}
    </span>
  );
}

/** A person's initials on a quiet colour that stays theirs. */
export function Avatar({ name }: { readonly name: string }) {
  return (
    <span className="avatar" data-hue={hueOf(name)} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}

const HUES = 6;

function hueOf(name: string): number {
  let sum = 7;
  for (const letter of name) sum = (sum * 131 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return (sum >> 3) % HUES;
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('');
}
