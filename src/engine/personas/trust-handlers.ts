import { countOutcomeHandler, lowerAutonomyHandler, redirectAttemptHandler } from "./autonomy-handlers.ts";
import { endCandidacyHandler, shareCandidacyHandler, startCandidacyHandler } from "./candidacy-handlers.ts";
import { addSuiteHandler, finishTrialHandler, startQualificationHandler, stopQualificationHandler } from "./qualification-handlers.ts";

/** How far personas are trusted: suites, the ladder, new versions, and a person's word against an understanding. */
export const trustHandlers = {
  "redirect-attempt": redirectAttemptHandler,
  "add-suite": addSuiteHandler,
  "start-qualification": startQualificationHandler,
  "stop-qualification": stopQualificationHandler,
  "finish-trial": finishTrialHandler,
  "count-outcome": countOutcomeHandler,
  "lower-autonomy": lowerAutonomyHandler,
  "start-candidacy": startCandidacyHandler,
  "share-candidacy": shareCandidacyHandler,
  "promote-candidacy": endCandidacyHandler,
  "withdraw-candidacy": endCandidacyHandler,
};
