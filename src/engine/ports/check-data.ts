import type { DataProblem } from "../../core/memory/entity-type.ts";
import type { JsonObject } from "../../core/shared/json.ts";

/**
 * What a JSON Schema (of the dialect that `schemaProblem` lets through) does not allow in the data, in a fixed order; empty: the
 * data fits. The cost follows the size of the schema times that of the data; both are bounded before.
 */
export type CheckData = (dataSchema: JsonObject, data: JsonObject) => readonly DataProblem[];
