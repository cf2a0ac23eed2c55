import type { Lang } from "../words";

type Voice = Pick<SpeechSynthesisVoice, "lang" | "localService" | "name" | "default">;

/** Tags a voice of each of our languages has, the best first: one who reads Mandarin aloud reads it in either script. */
const SPEAKS: Readonly<Record<Lang, readonly RegExp[]>> = {
  "zh-CN": [/^(zh|cmn)-(hans-)?cn\b/, /^(zh|cmn)(-hans\b|$)/, /^(zh|cmn)-(hant-)?tw\b/],
  "zh-TW": [/^(zh|cmn)-(hant-)?tw\b/, /^(zh|cmn)(-hant$|$)/, /^(zh|cmn)-(hans-)?cn\b/],
  en: [/^en-(us|gb)\b/, /^en\b/],
};

/** The voice to speak a language with: one on this machine before one that needs a far server; `undefined` where nobody speaks it. */
export function voiceFor<V extends Voice>(voices: readonly V[], lang: Lang): V | undefined {
  const tagged = voices.map((voice) => ({ voice, tag: voice.lang.replaceAll("_", "-").toLowerCase() }));
  for (const isLocal of [true, false])
    for (const wanted of SPEAKS[lang]) {
      const found = tagged.find(({ voice, tag }) => voice.localService === isLocal && wanted.test(tag));
      if (found !== undefined) return found.voice;
    }
  return undefined;
}
