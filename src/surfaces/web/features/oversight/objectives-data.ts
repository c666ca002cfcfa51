import { queryOptions } from "@tanstack/react-query";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type {
  KeyResultBody,
  ObjectiveBody,
  ObjectiveDocument,
  ObjectiveEndBody,
  ObjectivesDocument,
  ServesDocument,
} from "../../../../contract/objective-contract.ts";
import type { PrincipleBody, PrincipleRevisionBody, PrinciplesDocument } from "../../../../contract/principle-contract.ts";
import { call } from "../../api.ts";

const segment = encodeURIComponent;

export const objectivesQuery = queryOptions({
  queryKey: ["objectives"],
  queryFn: () => call<ObjectivesDocument>("GET", "/api/objectives"),
});

export const objectiveQuery = (reference: string) =>
  queryOptions({
    queryKey: ["objectives", reference],
    queryFn: () => call<ObjectiveDocument>("GET", `/api/objectives/${segment(reference)}`),
  });

export const principlesQuery = queryOptions({
  queryKey: ["principles"],
  queryFn: () => call<PrinciplesDocument>("GET", "/api/principles"),
});

export const servesQuery = (reference: string) =>
  queryOptions({
    queryKey: ["serves", reference],
    queryFn: () => call<ServesDocument>("GET", `/api/requests/${segment(reference)}/serves`),
  });

const send = (path: string, body: object) => call<CommandAnswer>("POST", path, body);

export const createObjective = (body: ObjectiveBody) => send("/api/objectives", body);
export const recordKeyResult = (reference: string, body: KeyResultBody) => send(`/api/objectives/${segment(reference)}/progress`, body);
export const settleObjective = (reference: string, body: ObjectiveEndBody) => send(`/api/objectives/${segment(reference)}/settle`, body);
export const linkObjective = (request: string, objective: string | null) =>
  send(`/api/requests/${segment(request)}/objective`, { objective });
export const addPrinciple = (body: PrincipleBody) => send("/api/principles", body);
export const revisePrinciple = (id: string, body: PrincipleRevisionBody) => send(`/api/principles/${segment(id)}/revise`, body);
export const withdrawPrinciple = (id: string, reason: string) => send(`/api/principles/${segment(id)}/withdraw`, { reason });
