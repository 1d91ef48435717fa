/** How whole amounts are spelled out, so that "forty euros" counts as 40. English and German, up to 999,999. */

const englishSmall =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const englishTens = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const germanSmall =
  "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split(
    " ",
  );
const germanTens = "_ _ zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(" ");
const numberWords = new Set([...englishSmall, ...englishTens, "hundred", "thousand", "million", "a", "and"]);

function englishBelowThousand(value: number): string {
  const parts: string[] = [];
  const rest = value % 100;
  if (value >= 100) parts.push(`${englishSmall[Math.floor(value / 100)]} hundred`);
  if (rest >= 20) parts.push(englishTens[Math.floor(rest / 10)] ?? "");
  if (rest >= 20 && rest % 10 > 0) parts.push(englishSmall[rest % 10] ?? "");
  if (rest > 0 && rest < 20) parts.push(englishSmall[rest] ?? "");
  return parts.join(" ");
}

function germanBelowThousand(value: number): string {
  const rest = value % 100;
  const hundreds = value >= 100 ? `${germanSmall[Math.floor(value / 100)]}hundert` : "";
  if (rest === 0) return hundreds;
  if (rest < 20) return hundreds + (germanSmall[rest] ?? "");
  const unit = rest % 10 === 0 ? "" : `${germanSmall[rest % 10]}und`;
  return `${hundreds}${unit}${germanTens[Math.floor(rest / 10)]}`;
}

function spelled(value: number): readonly string[] {
  if (value <= 0 || value > 999_999 || !Number.isInteger(value)) return [];
  const thousands = Math.floor(value / 1000);
  const rest = value % 1000;
  const english = [
    ...(thousands > 0 ? [`${englishBelowThousand(thousands)} thousand`] : []),
    ...(rest > 0 ? [englishBelowThousand(rest)] : []),
  ].join(" ");
  const inHundreds = value > 1000 && value < 10_000 && value % 100 === 0 && value % 1000 !== 0;
  const german = (thousands > 0 ? `${germanBelowThousand(thousands)}tausend` : "") + germanBelowThousand(rest);
  return [
    english,
    english.replace(/^one /, "a "),
    german,
    german.replace(/^ein(?=hundert|tausend)/, ""),
    ...(inHundreds ? [`${englishBelowThousand(value / 100)} hundred`] : []),
  ];
}

/** Whether a text spells this whole number out, and not as a part of another one. */
export function spells(text: string, value: number): boolean {
  const words = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .split(" ")
    .filter((word) => word !== "and" && word !== "");
  return spelled(value).some((spelling) => {
    const wanted = spelling.split(" ");
    return words.some((_word, at) => {
      const isHere = wanted.every((word, index) => words[at + index] === word);
      const before = words[at - 1] ?? "";
      const behind = words[at + wanted.length] ?? "";
      return isHere && !isNumber(before) && (!isNumber(behind) || behind === "a");
    });
  });
}

function isNumber(word: string): boolean {
  return (numberWords.has(word) && word !== "a") || /^\d/.test(word);
}
