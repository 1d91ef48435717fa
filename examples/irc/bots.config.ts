import { bank, crew, defineConfig } from "parleyjs";
import { documents } from "parleyjs/documents";
import { recommend } from "parleyjs/recommend";
import { irc } from "./index.ts";

const accounts = bank();

export default defineConfig({
  bots: {
    harbour: {
      name: "Harbour Assistant",
      accounts: [irc({ host: "irc.libera.chat", nick: "harbour", channels: ["#harbour"] })],
      crew: crew({ model: "auto" }),
      tools: [documents({ directory: "../../samples/bank/documents" }), accounts, recommend()],
    },
  },
});
