/**
 * No transaction lasts longer, from its begin to its commit. PostgreSQL 17 and newer end one that does; on every version a transaction
 * that took longer is rolled back instead of committed. The log is read by time on the strength of it: see `crosswiseMs`.
 */
export const transactionTimeoutMs = 300_000;

/** Until then a transaction's events and those of others may lie crosswise: twice the limit, for clocks that are set. */
export const crosswiseMs = 2 * transactionTimeoutMs;
