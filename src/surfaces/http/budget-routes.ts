import { Failure } from "../../core/shared/failure.ts";
import { budgetListView } from "../../engine/gate/budget-view.ts";
import { priceListView } from "../../engine/gate/price-view.ts";
import { requestSpendView } from "../../engine/gate/spend-view.ts";
import {
  budgetBody,
  budgetsDocument,
  budgetWithdrawBody,
  priceBody,
  pricesDocument,
  requestSpendDocument,
} from "../../contract/budget-contract.ts";
import { commandAnswer } from "../../contract/fields.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, projectOf, reading, requestOf, taskOf } from "./references.ts";

/** Budgets: what may be spent, what is spent, and what a request has cost. */
export const budgetRoutes = (): readonly Endpoint[] => [...limitRoutes(), ...costRoutes()];

const limitRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/budgets",
    summary: "Every budget with what is spent, reserved and left",
    answer: budgetsDocument,
    run: (use, { member }) =>
      reading(use, member, (reader) =>
        budgetListView(reader, { viewerId: member.person.id, organizationId: member.organization.id, nowMs: use.clock.nowMs() }),
      ),
  }),
  endpoint({
    method: "post",
    path: "/api/budgets",
    summary: "Set what a scope may spend",
    body: budgetBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { scope, period, windowMs, caps, thresholds, reason } = call.body;
      const scopeId = await scopeIdOf(use, call.member, call.body);
      return answerOf(
        await command(use, call, {
          projectId: null,
          command: { kind: "set-budget", scope, scopeId, period, windowMs, caps, thresholds, reason },
        }),
      );
    },
  }),
  endpoint({
    method: "post",
    path: "/api/budgets/{reference}/withdraw",
    summary: "Take a limit away again",
    body: budgetWithdrawBody,
    answer: commandAnswer,
    run: async (use, call) =>
      answerOf(
        await command(use, call, {
          projectId: null,
          command: { kind: "withdraw-budget", budgetId: call.reference, reason: call.body.reason },
        }),
      ),
  }),
];

const costRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/prices",
    summary: "What models cost, from which day on",
    answer: pricesDocument,
    run: (use, { member }) =>
      reading(use, member, (reader) =>
        priceListView(reader, { viewerId: member.person.id, organizationId: member.organization.id, nowMs: use.clock.nowMs() }),
      ),
  }),
  endpoint({
    method: "post",
    path: "/api/prices",
    summary: "Set what a model costs from an instant on",
    body: priceBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { fromMs = use.clock.nowMs(), ...said } = call.body;
      return answerOf(await command(use, call, { projectId: null, command: { kind: "set-price", ...said, fromMs } }));
    },
  }),
  endpoint({
    method: "get",
    path: "/api/requests/{reference}/spend",
    summary: "What a request has cost so far, with its parts and its budget",
    answer: requestSpendDocument,
    run: async (use, { member, reference }) => {
      const { id } = await requestOf(use, member, reference);
      const asked = { requestId: id, organizationId: member.organization.id, nowMs: use.clock.nowMs() };
      return reading(use, member, (reader) => requestSpendView(reader, asked));
    },
  }),
];

/** The id behind what people call a scope. @throws {Failure} `project.not-found`, `request.not-found`, `task.not-found` */
async function scopeIdOf(
  use: HttpDependencies,
  member: Member,
  { scope, scopeId }: { readonly scope: string; readonly scopeId: string },
): Promise<string> {
  if (scopeId === "") return "";
  if (scope === "organization")
    throw new Failure("invalid", "budget.bad-scope", {
      message: "The organization's budget names nothing beside; leave the scope's name out.",
    });
  if (scope === "project") return projectOf(member, { reference: scopeId, rehearsal: false }).id;
  if (scope === "request") return (await requestOf(use, member, scopeId)).id;
  if (scope === "task") return (await taskOf(use, member, scopeId)).row.id;
  return scopeId;
}
