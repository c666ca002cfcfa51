import { sessionStoreConformance } from "../../../test/conformance/session-store.ts";
import { createMemorySessions } from "./memory-sessions.ts";

sessionStoreConformance(createMemorySessions);
