import { projectIdOf } from "../../core/memory/decide-entity.ts";
import { personKind } from "../../core/oversight/person.ts";
import {
  type ChangeEpic,
  type CreateEpic,
  type MoveEpic,
  type SetEpic,
  decideEpicChange,
  decideEpicMove,
  decideEpicOfRequest,
  decideNewEpic,
} from "../../core/requests/decide-epic.ts";
import { epicKind } from "../../core/requests/epic.ts";
import { requestKind } from "../../core/requests/request.ts";
import { handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne, whoMayEnter } from "../shared/load-slice.ts";

/** Two who take one number at once meet at its unique key; the second decides again. */
export const createEpicHandler = handler({
  async load(transaction, command: CreateEpic, context) {
    const [last] = await transaction.find(epicKind, { newestFirst: true, limit: 1 });
    const named = command.ownerId === null ? await loadPerson(transaction, context) : await transaction.get(personKind, command.ownerId);
    const [owner] = await whoMayEnter(transaction, context, named === undefined ? [] : [named]);
    return {
      projectId: projectIdOf(context.caller.projectId),
      owner,
      open: await transaction.count(epicKind, { where: { state: "open" } }),
      nextNumber: (last?.number ?? 0) + 1,
    };
  },
  decide: decideNewEpic,
});

export const changeEpicHandler = handler({
  load: async (transaction, command: ChangeEpic) => ({
    epic: await lockOne(transaction, epicKind, command.epicId),
    owner: command.ownerId === undefined ? undefined : await transaction.get(personKind, command.ownerId),
  }),
  decide: decideEpicChange,
});

export const moveEpicHandler = handler({
  load: async (transaction, command: MoveEpic) => ({ epic: await lockOne(transaction, epicKind, command.epicId) }),
  decide: decideEpicMove,
});

/** Holds the epic while its requests are counted, so that the limit is exact. */
export const setEpicHandler = handler({
  async load(transaction, { requestId, epicId }: SetEpic) {
    const request = await lockOne(transaction, requestKind, requestId);
    const [epic] = epicId === null ? [] : await transaction.lock(epicKind, [epicId]);
    return { request, epic, count: epicId === null ? 0 : await transaction.count(requestKind, { where: { epicId } }) };
  },
  decide: decideEpicOfRequest,
});
