/** What the person reads while the crew works. */

const english: Readonly<Record<string, string>> = {
  search_documents: "Searching the documents…",
  recommend_products: "Looking for suitable products…",
  explain_product: "Reading up on the product…",
  compare_products: "Comparing products…",
  get_balance: "Looking up your accounts…",
  list_transactions: "Looking through your transactions…",
  export_transactions: "Writing the file…",
  list_payees: "Looking up your payees…",
  add_payee: "Preparing the new payee…",
  transfer_money: "Preparing the transfer…",
  link_customer: "Checking your code…",
  unlink_customer: "Unlinking…",
};

const german: Readonly<Record<string, string>> = {
  search_documents: "Ich suche in den Dokumenten…",
  recommend_products: "Ich suche passende Produkte…",
  explain_product: "Ich lese das Produkt nach…",
  compare_products: "Ich vergleiche Produkte…",
  get_balance: "Ich sehe deine Konten nach…",
  list_transactions: "Ich sehe deine Umsätze durch…",
  export_transactions: "Ich schreibe die Datei…",
  list_payees: "Ich sehe deine Empfänger nach…",
  add_payee: "Ich bereite den neuen Empfänger vor…",
  transfer_money: "Ich bereite die Überweisung vor…",
  link_customer: "Ich prüfe deinen Code…",
  unlink_customer: "Ich löse die Verknüpfung…",
};

/** The status line while a tool runs; tools without a line of their own are named. */
export function statusOfTool(tool: string, locale: string): string {
  const isGerman = locale.toLowerCase().startsWith("de");
  const known = (isGerman ? german : english)[tool];
  const words = tool.replaceAll("_", " ");
  return known ?? (isGerman ? `Ich arbeite: ${words}…` : `Working: ${words}…`);
}

/** The status line when the language model failed and the embedded brain takes over. */
export function statusOfFallback(locale: string): string {
  return locale.toLowerCase().startsWith("de")
    ? "Das Sprachmodell ist nicht erreichbar; ich antworte ohne es…"
    : "The language model is not available; answering without it…";
}
