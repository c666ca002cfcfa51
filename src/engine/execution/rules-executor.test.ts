import { createMemoryContent } from "../../adapters/in-process/memory-content.ts";
import { executorConformance } from "../../../test/conformance/executor.ts";
import type { AnalyserInput, AnalyserOutput } from "../ports/analyser.ts";
import { rulesExecutor } from "./rules-executor.ts";

const analyse = (input: AnalyserInput): Promise<AnalyserOutput> => {
  input.signal.throwIfAborted();
  return Promise.resolve({
    outputs: [
      { name: "one.md", mediaType: "text/markdown", body: `# ${input.taskKey}\n` },
      { name: "two.json", mediaType: "application/json", body: "{}\n" },
    ],
    notes: [],
  });
};

executorConformance("the rules executor", () => {
  const content = createMemoryContent();
  let laidOut = 0;
  const workspace = {
    locate: () => Promise.resolve({}),
    scratch: () => {
      laidOut += 1;
      return Promise.resolve({
        path: "/nowhere",
        remove: () => {
          laidOut -= 1;
          return Promise.resolve();
        },
      });
    },
  };
  const executor = rulesExecutor({ analysers: new Map([["collect", analyse]]), content, workspace, crash: () => undefined });
  return { executor, content, served: "collect", notServed: "unheard-of", leftBehind: () => laidOut };
});
