import { ParleyError } from "../../adapter.ts";

/** The Graph API does not accept the access token. */
export class TokenRefusedError extends ParleyError {
  override readonly name = "TokenRefusedError";

  constructor(cause?: unknown) {
    super(
      "whatsapp/token-refused",
      "WhatsApp's Graph API refuses the access token. Make a new one for the system user (permission whatsapp_business_messaging) in the Meta Business settings and set it.",
      { cause },
    );
  }
}
