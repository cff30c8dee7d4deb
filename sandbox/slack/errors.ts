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

/** A control call that a person in front of Slack could not make: no such button, no such view. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: 400 | 404, sentence: string) {
    super(sentence);
    this.status = status;
  }
}
