import { reachStoreConformance } from "../../../test/conformance/reach-store.ts";
import { createMemoryReachStore } from "./memory-reach-store.ts";

reachStoreConformance(createMemoryReachStore);
