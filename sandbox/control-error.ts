/** A control call that a person in front of a platform could not make: no such button, no such card. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: 400 | 404, sentence: string) {
    super(sentence);
    this.status = status;
  }
}
