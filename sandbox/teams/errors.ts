/**
 * The connector says no: this status, and `{error: {code, message}}`.
 * https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability#status-codes-from-bot-conversational-apis
 */
export class ConnectorError extends Error {
  readonly status: number;
  readonly code: string;
  /** Whole seconds, for a 429. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: string, sentence: string, retryAfter?: number) {
    super(sentence);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export const badArgument = (sentence: string) => new ConnectorError(400, 'BadArgument', sentence);

export const unauthorized = () =>
  new ConnectorError(401, 'Unauthorized', 'Authorization has been denied for this request.');

export const notInRoster = () =>
  new ConnectorError(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');

export const blockedByUser = () =>
  new ConnectorError(403, 'ConversationBlockedByUser', 'User blocked the conversation with the bot.');

export const disabledByAdmin = () =>
  new ConnectorError(403, 'BotDisabledByAdmin', 'The tenant admin disabled this bot.');

export const conversationNotFound = () =>
  new ConnectorError(404, 'ConversationNotFound', 'Conversation not found.');

export const activityNotFound = () =>
  new ConnectorError(
    404,
    'ActivityNotFoundInConversation',
    'The message ID provided could not be found in the conversation.',
  );

export const messageTooBig = () => new ConnectorError(413, 'MessageSizeTooBig', 'Message size too large.');

export const tooManyRequests = (retryAfter?: number) =>
  new ConnectorError(429, 'TooManyRequests', 'API calls quota exceeded.', retryAfter);
