/** WhatsApp on this machine, for tests and `parley dev`. */
export { openWhatsappCloudLocally } from "./cloud/open.ts";
export type { LocalCloud } from "./cloud/open.ts";
export { openWhatsappLocally } from "./web/open.ts";
export type { LocalWeb } from "./web/open.ts";
