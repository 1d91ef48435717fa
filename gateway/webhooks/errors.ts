import { InvalidInputError, ParleyError } from "../../core/errors.ts";

/** Why an address cannot be one of an endpoint. Says nothing of what is behind it: nobody is to learn the own network. */
export class WebhookAddressError extends InvalidInputError {
  override readonly name = "WebhookAddressError";

  constructor(reason: string) {
    super("webhook/address", `This address cannot get webhooks: ${reason}.`, [{ path: "body.url", message: reason }]);
  }
}

export function noEndpoint(): ParleyError {
  return new ParleyError("webhook/unknown", "There is no webhook with this id.", { status: 404 });
}

export function noDelivery(): ParleyError {
  return new ParleyError("webhook/unknown-delivery", "This webhook has no delivery with this id.", { status: 404 });
}

export function noBot(bot: string): InvalidInputError {
  return new InvalidInputError("webhook/unknown-bot", `There is no bot ${JSON.stringify(bot)}.`, [
    { path: "body.bot", message: "no bot has this id" },
  ]);
}
