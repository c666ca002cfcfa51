import { Failure } from "../../core/shared/failure.ts";

/** It is no such document, or a damaged, locked or hostile one. */
export const refused = (why: string): Failure =>
  new Failure("invalid", "tool.document-refused", { message: `The document was not read: ${why}` });

/** It exceeds a bound. */
export const overLimit = (why: string): Failure =>
  new Failure("exhausted", "tool.document-limit", { message: `The document was not read: ${why}` });
