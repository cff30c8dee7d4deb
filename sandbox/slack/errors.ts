/** The Web API says no: `ok: false` with this code and HTTP 200. https://docs.slack.dev/reference/methods */
export class SlackError extends Error {
  readonly code: string;
  readonly messages: readonly string[];

  constructor(code: string, messages: readonly string[] = []) {
    super(code);
    this.code = code;
    this.messages = messages;
  }
}
