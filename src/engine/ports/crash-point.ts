/**
 * Named places before and after every commit, outside call, acknowledgement and publish. In production a
 * point does nothing; the crash tests kill the process at each one. The list is closed so it can be enumerated.
 */
export const crashPoints = [
  "command.before-begin",
  "command.after-take",
  "command.before-write",
  "command.before-commit",
  "command.after-commit",
  "enqueue.before",
  "enqueue.after",
  "job.claimed",
  "job.before-report",
  "job.after-report",
  "attempt.before-execute",
  "attempt.after-execute",
  "attempt.before-check",
  "attempt.after-check",
  "review.before-judge",
  "review.after-judge",
  "integration.before-assemble",
  "integration.after-assemble",
  "content.before-write",
  "content.after-write",
  "effect.before-start",
  "effect.after-start",
  "effect.after-call",
  "effect.after-record",
  "spend.after-reserve",
  "spend.before-settle",
  "spend.after-settle",
  "notice.before-send",
  "notice.after-send",
  "clock.before-fire",
  "clock.after-fire",
  "lease.before-beat",
  "lease.after-loss",
  "http.before-answer",
  "publish.before",
  "publish.after",
] as const;

export type CrashPoint = (typeof crashPoints)[number];

/** Called with each point's name as it is passed. */
export type CrashProbe = (point: CrashPoint) => void;

export const noCrash: CrashProbe = () => {};
