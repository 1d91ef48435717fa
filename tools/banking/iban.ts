/** Enough of an IBAN to recognise one's own account, too little to pay to it. */
export function maskIban(iban: string): string {
  return `${iban.slice(0, 2)}•• •••• ${iban.slice(-4)}`;
}
