/** The Bot API's way of saying no. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly parameters: Readonly<Record<string, number>> | undefined;

  constructor(status: number, description: string, parameters?: Readonly<Record<string, number>>) {
    super(description);
    this.status = status;
    this.parameters = parameters;
  }
}

/** Refuses a call with the Bot API's code and words. */
export function refuse(status: number, description: string, parameters?: Readonly<Record<string, number>>): never {
  throw new Refusal(status, description, parameters);
}
