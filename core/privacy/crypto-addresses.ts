import { base58, isBase58Check, isBech32, isSs58, isTon } from "./crypto-checks.ts";
import type { Detector, PersonalData } from "./finding.ts";
import { matchesOf } from "./finding.ts";

const edge = (body: string, flags = "gu"): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${body}(?![\\p{L}\\p{N}])`, flags);
const B58 = "[1-9A-HJ-NP-Za-km-z]";
const B32 = "[02-9ac-hj-np-z]";

/** Bitcoin's, and of its relatives: Litecoin, Dogecoin, Dash, Tron, Zcash (two bytes of network), Tezos (three). */
const CHECKED58 = edge(`[1-9A-HJ-NP-Zac-km-z]${B58}{25,35}`);
const NETWORK_AND_HASH: readonly number[] = [21, 22, 23];
const SS58 = edge(`${B58}{46,49}`);
/** Any chain's: bc, ltc, cosmos, addr, stake, bnb, avax, iota, zil and so on; also invoices of Lightning. */
const CHECKED32 = edge("(?:[a-z]{2,16}|[A-Z]{2,16})1(?:[02-9ac-hj-np-z]{8,1200}|[02-9AC-HJ-NP-Z]{8,1200})");
/** In groups, as wallets show it. */
const IN_GROUPS = edge(`(?:bc|tb|ltc)1${B32}?(?:[ -]?${B32}){38,72}`, "giu");
const CASH = edge(`[qp]${B32}{41}`);
const WITH_SCHEME = edge(`(?:bitcoincash|bchtest|ecash|kaspa|nexa):${B32}{38,64}`);
/** A line may break in it. */
const ETHEREUM = edge("0x(?:[0-9a-fA-F]\\n?){39}[0-9a-fA-F]|xdc[0-9a-fA-F]{40}");
const ETHEREUM_IN_GROUPS = edge("0x ?(?:[0-9a-fA-F]{2,10}[ \\n-]){3,19}[0-9a-fA-F]{2,10}");
const MONERO = edge("[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}(?:[1-9A-HJ-NP-Za-km-z]{11})?");
const RIPPLE = edge("r[1-9A-HJ-NP-Za-km-z]{24,34}");
/** Forms that nothing else has: Stellar, Algorand, Nano, Cardano of old, Filecoin, the Internet Computer, EOS keys. */
const FORMS: readonly RegExp[] = [
  edge("[GM](?=[A-Z2-7]{0,54}\\d)[A-Z2-7]{55}"),
  edge("(?=[A-Z2-7]{0,57}\\d)[A-Z2-7]{58}"),
  edge("(?:nano|xrb)_[13][13-9a-km-uw-z]{59}"),
  edge(`(?:Ae2|DdzFF)${B58}{50,110}`),
  edge("[ft](?:1|3)(?=[a-z2-7]{0,38}\\d)[a-z2-7]{39,90}"),
  edge("[a-z2-7]{5}(?:-[a-z2-7]{5}){9}-[a-z2-7]{3}"),
  edge(`ln(?:bc|tb|bcrt)\\d{0,12}[munp]?1${B32}{100,1200}`),
  edge("(?:EOS|PUB_K1_)[1-9A-HJ-NP-Za-km-z]{50}"),
];
const TON = edge("[EUk0][Qf][A-Za-z0-9_-]{46}");
const NAMED = edge("(?:[\\p{L}\\p{N}_-]{2,60}\\.){1,3}(?:eth|crypto|sol|btc|near|bnb|tez|lens)", "giu");
/** A key of 32 bytes in Base58 is somebody's at Solana. */
const SOLANA = edge(`${B58}{43,44}`);

/** Words of the trade. What has no check, or one that is wrong by a slip, is an address near them. */
const COINS =
  "crypto|krypto|wallet|bitcoins?|btc|sats?|ethereum|ether|eth|erc-?20|usdt|usdc|tether|stablecoins?|trc-?20|tron|trx|solana|sol|phantom|spl|metamask|litecoin|ltc|doge(?:coin)?|dash|ripple|xrp|stellar|xlm|cardano|ada|monero|xmr|polkadot|polygon|matic|arbitrum|binance|bsc|bnb|avalanche|avax|sui|aptos|algorand|algo|tezos|xtz|zcash|zec|cosmos|atom|hedera|hbar|filecoin|kaspa|nano|iota|eos|starknet|bch";
const HEX = "(?:0x[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|0\\.0\\.\\d{4,10})";
const LIKE_BASE58 = `(?:(?:bc1|ltc1|tb1)[0-9a-z]{24,70}|${B58}{32,50})`;
const after = (words: string, value: string): RegExp =>
  new RegExp(
    `(?<!\\p{L})(?:${words})(?![\\p{L}\\p{N}])[^\\n]{0,32}?(?<![\\p{L}\\p{N}/])(?<value>${value})(?![\\p{L}\\p{N}])`,
    "giu",
  );
const NEAR_TRADE: readonly RegExp[] = [
  after(COINS, `${HEX}|${LIKE_BASE58}`),
  after("address|adress[ey]?|adresse|dirección|indirizzo|adres", LIKE_BASE58),
];
const BEFORE_TRADE = new RegExp(
  `(?<![\\p{L}\\p{N}/])(?<value>${B58}{32,50})["')\\]]{0,2},? (?:\\(|(?:\\p{L}{1,8} ){0,3})(?:${COINS})(?!\\p{L})`,
  "giu",
);
const EOS = /(?<!\p{L})eos[^\n]{0,16}?(?:account|name|konto)[ :=]{1,3}(?<value>[a-z1-5.]{12})(?![\p{L}\p{N}])/giu;

/** Addresses of crypto-currencies, by their check sums where they have one. */
export const findCryptoAddresses: Detector = function* findCryptoAddresses(text) {
  yield* matchesOf("crypto", text, CHECKED58, ({ 0: one }) => isMixed(one) && isBase58Check(one, NETWORK_AND_HASH));
  yield* matchesOf("crypto", text, CHECKED32, ({ 0: one }) => isBech32(one));
  yield* groupsIn(text);
  yield* matchesOf("crypto", text, ETHEREUM);
  yield* matchesOf("crypto", text, ETHEREUM_IN_GROUPS, ({ 0: one }) => one.replaceAll(/[ \n-]/gu, "").length === 42);
  yield* matchesOf("crypto", text, CASH, ({ 0: literal }) => /\d/u.test(literal));
  yield* matchesOf("crypto", text, WITH_SCHEME);
  yield* matchesOf("crypto", text, MONERO);
  yield* matchesOf("crypto", text, RIPPLE, ({ 0: literal }) => /\d/u.test(literal) && /[A-Z]/u.test(literal));
  for (const form of FORMS) yield* matchesOf("crypto", text, form);
  yield* matchesOf("crypto", text, TON, ({ 0: one }) => isTon(one));
  yield* matchesOf("crypto", text, SS58, ({ 0: one }) => isMixed(one) && isSs58(one));
  yield* matchesOf("crypto", text, SOLANA, ({ 0: one }) => isMixed(one) && base58(one).length === 32);
  for (const near of NEAR_TRADE)
    yield* matchesOf("crypto", text, near, ({ groups }) => isAddressLike(groups?.["value"] ?? ""));
  yield* matchesOf("crypto", text, BEFORE_TRADE, ({ groups }) => isMixed(groups?.["value"] ?? ""));
  if (/\.(?:eth|crypto|sol|btc|near|bnb|tez|lens)/iu.test(text)) yield* matchesOf("crypto", text, NAMED);
  yield* matchesOf("crypto", text, EOS);
};

/** Letters of both cases and digits: no word, no number and no hash. */
const isMixed = (literal: string): boolean =>
  /\d/u.test(literal) && /[A-Z]/u.test(literal) && /[a-z]/u.test(literal) && !/^[\da-f]+$/u.test(literal);

const isAddressLike = (value: string): boolean =>
  isMixed(value) || /^(?:bc1|ltc1|tb1)(?=.*\d)|^0x|^0\.0\.|^[\dA-Fa-f]{40}$/u.test(value);

/** A grouped address goes as far as its check sum says. */
function* groupsIn(text: string): Generator<PersonalData> {
  for (const { 0: literal, index } of text.matchAll(IN_GROUPS)) {
    for (const length of [42, 43, 62, 63]) {
      let taken = 0;
      let end = 0;
      while (end < literal.length && taken < length) {
        if (!/[ -]/u.test(literal.charAt(end))) taken += 1;
        end += 1;
      }
      if (taken < length || !isBech32(literal.slice(0, end).replaceAll(/[ -]/gu, ""))) continue;
      yield { kind: "crypto", start: index, end: index + end };
      break;
    }
  }
}
