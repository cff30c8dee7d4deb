/** Where Slack sends interactions and slash commands, over HTTP. */
export const EVENTS_PATH = '/slack/events';
