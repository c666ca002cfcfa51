import { Failure } from "../../core/shared/failure.ts";

const maxPage = 10_000;

/** @throws {Failure} `store.limit-invalid` */
export function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxPage) return;
  throw new Failure("invalid", "store.limit-invalid", {
    limit: String(limit),
    message: `A page holds 1 to ${maxPage} rows, not ${limit}. Ask for a smaller page.`,
  });
}
