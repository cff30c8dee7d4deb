/** Where Teams sends activities: the bot's messaging endpoint. */
export const MESSAGES_PATH = '/teams/messages';
