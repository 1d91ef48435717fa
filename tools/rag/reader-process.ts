/** A process of its own that reads document files, so that neither their memory nor their crashes reach the bot. */
import { readDocumentFile, ReadRequest } from "./read-file.ts";

process.on("message", (request: unknown) => {
  void readDocumentFile(ReadRequest.parse(request)).then((response) => process.send?.(response));
});
// The parent is gone: there is nobody left to read for.
process.on("disconnect", () => process.exit(0));
