/** The chats that the app serves at once. */
export const PLATFORMS = ['slack', 'teams'] as const;

export type Platform = (typeof PLATFORMS)[number];

export const TITLES: Readonly<Record<Platform, string>> = { slack: 'Slack', teams: 'Teams' };

export const otherThan = (platform: Platform): Platform => (platform === 'slack' ? 'teams' : 'slack');
