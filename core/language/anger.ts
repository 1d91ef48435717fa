/** Whether words are written in anger. A sign, no judgement: several such messages in a row mean something. */

/** Stems: "useless" and "uselessly", "Schwachsinn" and "schwachsinnig". */
const HARSH = [
  ..."damn bloody bullshit shit fuck crap wtf idiot stupid moron useless garbage rubbish pathetic ridiculous scam hate".split(
    " ",
  ),
  ..."scheiß scheiss verdammt verflucht mist blöd bloed dumm idiot schwachsinn unfähig unfaehig nutzlos lächerlich frechheit saftladen sauladen arsch kotz hass müll".split(
    " ",
  ),
];
const FED_UP =
  /\b(?:for the (?:third|fourth|fifth|last|hundredth|\d+th) time|how many times|fed up|sick of|had enough|are you kidding|zum (?:dritten|vierten|fünften|letzten|hundertsten|\d+\.?) mal|wie oft noch|reicht'?s? mir|mir reicht'?s?|nase voll|habe? (?:es )?satt|wollt ihr mich)\b/iu;
const SHOUTED_WORDS = 3;
const ANGRY = 2;

/** True where at least two signs come together: harsh words, being fed up, capitals, marks of exclamation. */
export function seemsAngry(text: string): boolean {
  const words = text.match(/\p{L}{2,}/gu) ?? [];
  const harsh = words.filter((word) => HARSH.some((stem) => word.toLowerCase().startsWith(stem))).length;
  const shouted = words.filter((word) => word.length > 2 && word === word.toUpperCase()).length;
  const signs = [
    Math.min(harsh, 2),
    FED_UP.test(text) ? 1 : 0,
    shouted >= SHOUTED_WORDS && shouted * 2 > words.length ? 1 : 0,
    /!{2,}|!\?|\?!/u.test(text) ? 1 : 0,
  ];
  return signs.reduce((sum, sign) => sum + sign, 0) >= ANGRY;
}
