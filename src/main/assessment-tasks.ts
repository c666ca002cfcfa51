import { sectionKeys } from "../divisions/engineering/report-types.ts";

/** Tasks that the engineering division's rules can do, without loading the analysers. */
export const assessmentTaskKeys: readonly string[] = [...sectionKeys, "report"];
