import { beginEmbeddingHandler, chooseEmbeddingHandler, endEmbeddingHandler, endEmbeddingsHandler } from "./embedding-handlers.ts";
import { setModelChainHandler } from "./model-chain-handlers.ts";
import { reportWindowHandler, takeWindowHandler } from "./pace-handlers.ts";
import {
  addProviderHandler,
  allowProviderHandler,
  beginProviderTestHandler,
  changeProviderHandler,
  controlProviderHandler,
  endProviderTestHandler,
} from "./provider-handlers.ts";

/** Handlers of the commands about models: who offers them, in which order they are asked, and how often. */
export const modelHandlers = {
  "set-model-chain": setModelChainHandler,
  "add-provider": addProviderHandler,
  "change-provider": changeProviderHandler,
  "pause-provider": controlProviderHandler,
  "resume-provider": controlProviderHandler,
  "remove-provider": controlProviderHandler,
  "begin-provider-test": beginProviderTestHandler,
  "end-provider-test": endProviderTestHandler,
  "allow-provider": allowProviderHandler,
  "disallow-provider": allowProviderHandler,
  "choose-embedding": chooseEmbeddingHandler,
  "end-embeddings": endEmbeddingsHandler,
  "begin-embedding": beginEmbeddingHandler,
  "end-embedding": endEmbeddingHandler,
  "take-window": takeWindowHandler,
  "wait-window": takeWindowHandler,
  "report-window": reportWindowHandler,
} as const;
