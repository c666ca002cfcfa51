import type { Task } from "../../core/execution/task.ts";
import { isProvisional, personaKind } from "../../core/personas/persona.ts";
import type { Reader } from "../ports/store.ts";

/** Personas among which those of a plan are looked for. */
const maxPersonas = 1_000;

/**
 * Tasks of a plan whose persona has not passed a suite with what does them, by key. Before a task is given out that is what the plan
 * or else the persona names first; where that cannot run, another may do it.
 */
export async function provisionalTasks(reader: Reader, tasks: readonly Task[]): Promise<readonly string[]> {
  if (tasks.length === 0) return [];
  const personas = new Map((await reader.find(personaKind, { limit: maxPersonas })).map((persona) => [persona.key, persona]));
  return tasks.flatMap(({ key, spec, executor, performer }) => {
    const persona = personas.get(performer?.kind === "persona" ? performer.id : spec.persona);
    const by = executor ?? spec.executor ?? persona?.executors[0];
    return by !== undefined && isProvisional(persona, by) ? [key] : [];
  });
}
