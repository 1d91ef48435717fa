import { consoleChat, defineConfig, web } from "parleyjs";
import { deskCrew } from "./crew.ts";
import { lending } from "./lending.ts";

export default defineConfig({
  bots: {
    library: { name: "Library", accounts: [web(), consoleChat()], crew: deskCrew(), tools: [lending()] },
  },
});
