import { type Task, taskKind } from "../../core/execution/task.ts";
import { type WorkRequest, requestKind } from "../../core/requests/request.ts";
import type { Reader } from "../ports/store.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";

/** What a text names: a request by label or number, a task as `ENG-42/backend`. */
export interface NamedLabel {
  readonly projectKey: string | undefined;
  readonly number: number;
  /** Beginning of a task's key; undefined: the request itself. */
  readonly taskPart: string | undefined;
}

export interface LabelledRows {
  readonly requests: readonly WorkRequest[];
  readonly tasks: readonly Task[];
}

/** Found by one label. */
const maxRows = 20;
/** Projects whose keys are known to one search, and tasks of the requests that are looked through. */
const maxProjects = 1_000;
const maxTasksRead = 200;

/** The label that the whole text is; undefined: it is words. */
export function labelIn(text: string): NamedLabel | undefined {
  const [, key, number, taskPart] = /^(?:([A-Za-z][A-Za-z0-9]{0,19})-)?(\d{1,9})(?:\/([\w.-]*))?$/u.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  return { projectKey: key?.toUpperCase(), number: Number(number), taskPart: taskPart?.toLowerCase() };
}

/** A number is one request of each project; a key leaves one. */
export async function rowsLabelled(reader: Reader, { projectKey, number, taskPart }: NamedLabel): Promise<LabelledRows> {
  const projects = new Map<string, Project>((await reader.find(projectKindOf, { limit: maxProjects })).map((one) => [one.id, one]));
  const numbered = await reader.find(requestKind, { where: { number }, newestFirst: true, limit: maxProjects });
  const requests = numbered
    .filter((request) => projectKey === undefined || projects.get(request.projectId)?.key === projectKey)
    .slice(0, maxRows);
  if (taskPart === undefined || requests.length === 0) return { requests: taskPart === undefined ? requests : [], tasks: [] };
  const where = { requestId: requests.map((request) => request.id) };
  const tasks = await reader.find(taskKind, { where, newestFirst: true, limit: maxTasksRead });
  return { requests: [], tasks: tasks.filter((task) => task.key.toLowerCase().startsWith(taskPart)).slice(0, maxRows) };
}
