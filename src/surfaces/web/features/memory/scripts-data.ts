import { queryOptions } from "@tanstack/react-query";
import type { ScriptsDocument } from "../../../../contract/script-contract.ts";
import { call } from "../../api.ts";

export const scriptsQuery = queryOptions({ queryKey: ["scripts"], queryFn: () => call<ScriptsDocument>("GET", "/api/scripts") });
