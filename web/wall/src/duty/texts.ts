import { wordsIn } from "../tiles/notices";
import type { Lang } from "../words";

/** Of words in several languages those to show. */
export const texted = (texts: Readonly<Record<string, string>>, lang: Lang): string => wordsIn({ ...texts }, lang);
