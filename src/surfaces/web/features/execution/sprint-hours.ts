import { hoursText as workText } from "../../shell/words.ts";

/** Hours of a plan: none are `0 h`, not seconds. */
export const hoursText = (hours: number): string => (hours === 0 ? "0 h" : workText(hours));
