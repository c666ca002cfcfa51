import { personaKind } from "../../core/personas/persona.ts";
import { type Playbook, playbookKind } from "../../core/planning/plan.ts";
import type { Reader } from "../ports/store.ts";
import { maxPersonas } from "./staff-view.ts";

export interface DivisionView {
  readonly key: string;
  readonly name: string;
  readonly purpose: string;
  readonly personas: readonly string[];
  readonly playbooks: readonly { readonly name: string; readonly version: number; readonly taskCount: number }[];
  readonly ruleTasks: readonly string[];
}

/** The functions of a company, in the order they are shown. A division that is only named in a persona or playbook follows them. */
const known: readonly (readonly [string, string, string])[] = [
  ["engineering", "Engineering", "Builds and judges software: analyses, designs, changes, reviews."],
  ["management", "Management", "Plans, estimates, schedules, and says early what slips."],
  ["policy", "Policy", "Writes policies with controls and checks work against them."],
  ["legal", "Legal", "Reads contracts, names risks, drafts redlines."],
  ["support", "Support", "Answers from the knowledge base with citations, or escalates."],
  ["executive", "Executive", "Decides over the portfolio, with scenarios and calibrated forecasts."],
];

const maxPlaybooks = 1_000;

/** What each division has now. Rules tasks belong to engineering, the only division with code of its own so far. */
export async function divisionsView(reader: Reader, ruleTasks: readonly string[]): Promise<readonly DivisionView[]> {
  const personas = await reader.find(personaKind, { limit: maxPersonas });
  const playbooks = latest(await reader.find(playbookKind, { limit: maxPlaybooks }));
  const named = [...personas.map((persona) => persona.division), ...playbooks.map((playbook) => playbook.division)];
  const further = [...new Set(named)]
    .filter((key) => key !== "" && !known.some(([division]) => division === key))
    .toSorted((left, right) => (left < right ? -1 : 1));
  return [...known, ...further.map((key) => [key, key, "Named by its personas and playbooks."] as const)].map(([key, name, purpose]) => ({
    key,
    name,
    purpose,
    personas: personas.filter((persona) => persona.division === key).map((persona) => persona.key),
    playbooks: playbooks
      .filter((playbook) => playbook.division === key)
      .map((playbook) => ({ name: playbook.name, version: playbook.playbookVersion, taskCount: tasksOf(playbook) })),
    ruleTasks: key === "engineering" ? ruleTasks : [],
  }));
}

function latest(playbooks: readonly Playbook[]): readonly Playbook[] {
  const newest = new Map<string, Playbook>();
  for (const playbook of playbooks)
    if ((newest.get(playbook.name)?.playbookVersion ?? 0) < playbook.playbookVersion) newest.set(playbook.name, playbook);
  return [...newest.values()];
}

function tasksOf({ plan }: Playbook): number {
  const tasks = plan["decomposition"];
  return Array.isArray(tasks) ? tasks.length : 0;
}
