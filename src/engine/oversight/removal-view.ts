import { attemptKind } from "../../core/execution/attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import type { Person, Project } from "../../core/oversight/person.ts";
import { requestKind, requestLabel } from "../../core/requests/request.ts";
import type { Reader } from "../ports/store.ts";
import { type MemberView, memberView } from "./people-view.ts";
import { activeTeams } from "./membership-view.ts";

/** What would come of a removal, as far as the reader's projects go. */
export interface RemovalView {
  readonly person: MemberView;
  /** The first 100. */
  readonly tasks: readonly { readonly id: string; readonly label: string; readonly title: string }[];
  readonly taskCount: number;
  readonly itemCount: number;
  /** Keys of projects that name this person and nobody else. */
  readonly orphanedProjects: readonly string[];
}

const maxLooked = 10_000;
const maxListed = 100;

export async function removalView(reader: Reader, person: Person, projects: readonly Project[]): Promise<RemovalView> {
  const running = await reader.find(attemptKind, { where: { state: "running" }, limit: maxLooked });
  const held = running.filter(
    ({ executor, epoch, performer }) => executor === "human" && epoch === 0 && performer.kind === "person" && performer.id === person.id,
  );
  const delegated = await reader.find(inboxItemKind, { where: { state: "delegated" }, limit: maxLooked });
  const tasks = await reader.getMany(taskKind, [...new Set(held.slice(0, maxListed).map((attempt) => attempt.taskId))]);
  const requests = new Map(
    (await reader.getMany(requestKind, [...new Set(tasks.map((task) => task.requestId))])).map((request) => [
      request.id as string,
      request,
    ]),
  );
  const keyOf = new Map(projects.map((project) => [project.id as string, project.key]));
  return {
    person: memberView(person, await activeTeams(reader), null),
    tasks: tasks.map((task) => {
      const request = requests.get(task.requestId);
      const label = request === undefined ? "?" : requestLabel(keyOf.get(request.projectId) ?? "?", request.number);
      return { id: task.id, label: `${label}/${task.key}`, title: task.title };
    }),
    taskCount: held.length,
    itemCount: delegated.filter((item) => item.delegateId === person.id).length,
    orphanedProjects: projects.flatMap(({ access, key }) =>
      access?.kind === "named" && access.teamIds.length === 0 && access.personIds.length === 1 && access.personIds[0] === person.id
        ? [key]
        : [],
    ),
  };
}
