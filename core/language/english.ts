/** English, as data. */
import type { DateWord, Vocabulary } from "./word.ts";
import { dateWordsOf, words } from "./word-list.ts";

const cardinals =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
const ordinals =
  "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(
    " ",
  );

const dateWords: ReadonlyMap<string, DateWord> = dateWordsOf([
  ...[
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sep sept",
    "october oct",
    "november nov",
    "december dec",
  ].map((names, index) => words(names, { month: index + 1 })),
  ...[
    "monday mon",
    "tuesday tue tues",
    "wednesday wed",
    "thursday thu thur thurs",
    "friday fri",
    "saturday sat",
    "sunday sun",
  ].map((names, index) => words(names, { weekday: index })),
  words("mondays tuesdays wednesdays thursdays fridays saturdays sundays weekends", { unread: "not-understood" }),
  ...cardinals.map((word, index) => words(word, { number: index + 1 })),
  ...ordinals.map((word, index) => words(word, { ordinal: index + 1 })),
  words("thirty", { number: 30 }),
  words("thirtieth", { ordinal: 30 }),
  words("forty", { number: 40 }),
  words("fifty", { number: 50 }),
  words("sixty", { number: 60 }),
  words("ninety", { number: 90 }),
  words("a an", { number: 1, role: ["article"] }),
  words("couple", { number: 2 }),
  words("day days", { unit: "day" }),
  words("week weeks", { unit: "week" }),
  words("fortnight", { unit: "fortnight" }),
  words("month months", { unit: "month" }),
  words("quarter quarters", { unit: "quarter" }),
  words("year years", { unit: "year" }),
  words("christmas xmas", { feast: { month: 12, day: 24, days: 3 } }),
  words("halloween", { feast: { month: 10, day: 31 } }),
  words("newyear", { feast: { month: 1, day: 1 } }),
  words("ytd", { offset: 0, whole: "year" }),
  words("few", { number: 3 }),
  words("today", { relative: 0 }),
  words("yesterday", { relative: -1 }),
  words("tomorrow", { relative: 1 }),
  words("now date", { role: ["now"] }),
  words("this current", { offset: 0 }),
  words("last", { offset: -1, edge: "last" }),
  words("previous past", { offset: -1 }),
  words("next coming following", { offset: 1 }),
  words("first", { edge: "first" }),
  words("beginning start early", { edge: "start" }),
  words("end late", { edge: "end" }),
  words("middle mid", { edge: "middle" }),
  words("half", { half: "half" }),
  words("the that whole entire full", { role: ["article"] }),
  words("of", { role: ["of"] }),
  words("in", { role: ["at", "ahead", "of"] }),
  words("on at during over within throughout", { role: ["at"] }),
  words("from", { role: ["from"] }),
  words("starting", { role: ["since"] }),
  words("to till through thru", { role: ["to"] }),
  words("until", { role: ["to", "strong"] }),
  words("and", { role: ["and"] }),
  words("between", { role: ["between"] }),
  words("since", { role: ["since", "strong"] }),
  words("before", { role: ["before"] }),
  words("after", { role: ["after"] }),
  words("ago", { role: ["ago", "strong"] }),
  words("onwards onward on", { role: ["onwards"] }),
  words("weekend", { role: ["weekend"] }),
  words(
    "morning afternoon evening evenings night nights tonight noon midnight lunchtime midday am pm hour hours minute minutes oclock",
    { unread: "time-of-day" },
  ),
  words(
    "easter thanksgiving pentecost whitsun ramadan eid hanukkah holidays summer winter spring autumn recently lately ages fiscal bimonthly biweekly fortnightly decade century payday bank-holiday eve",
    { unread: "not-understood" },
  ),
]);

export const english: Vocabulary = {
  dateWords,
  doubts: {
    percent: /%|\bper ?cent\b|\bpercent(?:age)?\b|\bpct\b/giu,
    relative:
      /\b(?:all|everything|entire|whole)\b(?! (?:the best|good|right))|\bthe (?:rest|remainder|remaining)\b|\bas much as\b|\bhalf\b|\b(?:a|one|two) (?:third|quarter|fifth|tenth)s?\b|\b(?:minus|plus|less|more|except|extra|additional(?:ly)?|worth of|on top of|multiplied|divided|rounded|round|another|again as much|of the)\b(?= )/giu,
    multiple:
      /\b(?:times|twice|thrice|double|triple|treble|quadruple|dozens?|lakhs?|crores?|each|apiece|per|a head|respectively)\b|\d ?[x×*✕✖] ?[€$£]?\d|\d[x×*](?!\p{L})/giu,
    cap: /\b(?:at (?:the )?(?:most|least)|(?:not|no|never) (?:more|less|fewer|over|above) than|up to|as high as|maximum|minimum|max\.?(?= \d)|min\.?(?= \d)|limit(?:ed)?|no more|capped|(?:under|over|above|below)(?= [€$£]?\d)|exceed\w*)\b/giu,
    range: /\b(?:between|either|or)\b|(?<!\d{3})\d ?(?:to|-|–) ?[€$£]?\d(?!\d{3})/giu,
    approximate:
      /\b(?:about(?! (?:it|that|this|the|to)\b)|around|roughly|approx(?:imately)?|circa|ca|some(?= [€$£]?\d)|nearly|almost|just (?:under|over)|or so|give or take|ish)\b|\dish\b|~|≈/giu,
    several: /\b(?:no wait|i mean|or was it|correction|rather than|instead of|make (?:it|that))\b/giu,
    condition:
      /\b(?:if(?! (?:you|u) (?:would|could|can|might|please|don['’]?t mind|will)\b| (?:that['’]?s|it['’]?s|that is) (?:ok|okay|alright|possible)| possible| i may)|unless|whenever|when(?! you (?:get|have|find)\b)|in case|provided|providing|depending|whether|as long as|as soon as|assuming|suppose|supposing|should (?:he|she|they|the|my)|only then)\b|\bonce (?:i|my|the|he|she|they|it|we|you|that|this)\b|\b(?:before|after|until) (?:i|my|he|she|they|it|we|you)\b/giu,
    repeat:
      /(?<!\b(?:like|as|same as) )\b(?:every|each (?:day|week|month|year|quarter)|daily|weekly|fortnightly|biweekly|monthly|quarterly|yearly|annual(?:ly)?|standing order|recurring|recurrent|regular(?:ly)?|repeat(?:ed|edly|ing)?|then again|(?:a )?second time|automatically|from now on|(?:a|per) (?:day|week|month|year|quarter)|for \w+ (?:weeks|months|years)|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|direct debit)\b/giu,
    schedule:
      /\b(?:later|tonight|one day|some ?day|payday|noon|midnight|schedule[d]?|post-?dated|in (?:\w+ ){1,2}(?:minutes?|hours?))\b|\bat \d{1,2} ?(?:am|pm|o['’]?clock)\b/giu,
    negated: [
      /\b(?:(?:do|does|did|would|should|could|can|must|will|wo|is|was|have|had|ca)n['’]?t|dont|didnt|wont|cant|cannot|not|never|no longer|stop|cancel|abort|undo|refund|revoke|without|nothing|nobody|neither|nor|forget (?:about|it|that|this)|ignore (?:it|this|that)|never ?mind|nvm|kidding|jk|joking|scratch that|scrap that)\b(?! (?:ask|worry|mind|tell)\b)/giu,
      // Taken back in the same breath: "…, actually no", "… nah", "…, wait".
      /[.,;!?…]\s*(?:(?:oh|ah|um|uh|actually|sorry|but),? )*(?:no|nah|nope|wait|hold on|not)\s*(?=$|[.,;!?…])/giu,
      /\b(?:i wish(?! to\b)|would have|could have|refuse|rather not)\b/giu,
    ],
    past: /\b(?:i|we|he|she|they|you|it|who)(?:['’]ve| have| has| had| just| already| once)* (?:sent|paid|transferred|moved|wired|gave|received|got)\b|\b(?:sent|paid|transferred|gave|owes?|owed|lent) (?:me|us)\b|\b(?:has|have|had|was|were|been) (?:been |already )?(?:sent|paid|transferred|moved|wired|received)\b|\b(?:went|came|yesterday(?!['’]s))\b|\b(?:request|collect|demand|claim)\b(?=[^.]*\bfrom\b)/giu,
    question:
      /(?:^|[.!?:;\n]\s*|^\s*(?:hi|hey|hello|ok|so|and|but|well)\b[,!]?\s+)(?:did|do(?! (?:an?\b|[€$£]?\d|\p{L}+ [€$£]?\d))|does|am|is|are|was|were|has|have|had|(?:should|must|may)(?! (?:be|come|go|get|have|leave|say|read)\b)|shall|can i|could i|what|what's|how|why|when|where|which|who|whose|whom)\b(?! you (?:please )?(?:send|transfer|pay|move))/giu,
    reported:
      /^\s*>|\b(?:fwd?|forwarded|wrote|writes|(?<!\bit )says?|said|asked|asks|told|tells|wants me to|explain|translate|mean(?:s|ing)?|what if|example|imagine|pretend|hypothetical\w*|would happen|if (?:i|we) (?:were to|sent|paid|transferred|moved|gave)|(?:let['’]?s )?say (?:i|we) (?:sent|paid|transferred|moved|gave|had)|suppos(?:e|ing) (?:i|we))\b|\b(?:mail|letter|message|text|invoice) (?:says|reads|asks)\b/gimu,
  },
};
