import { executorConformance } from "../../../test/conformance/executor.ts";
import { createMemoryContent } from "../in-process/memory-content.ts";
import { scriptedExecutor } from "./scripted-executor.ts";

executorConformance("the scripted executor", () => {
  const content = createMemoryContent();
  return { executor: scriptedExecutor(content), content, served: "anything", notServed: null, leftBehind: () => 0 };
});
