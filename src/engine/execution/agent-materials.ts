import { type AgentMaterial, agentInstructions, agentPlaces, agentSkill, skillName } from "../../core/execution/agent-protocol.ts";
import type { Task } from "../../core/execution/task.ts";
import { outputSource } from "../../core/gate/agent.ts";
import type { Persona } from "../../core/personas/persona.ts";
import type { Worktree } from "../ports/agent.ts";
import type { LocatedInput, LocatedRepository } from "../ports/analyser.ts";
import type { ContentStore } from "../ports/content.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { Workspace } from "../ports/workspace.ts";

const maxMaterialBytes = 52_428_800;

type Located = Awaited<ReturnType<Workspace["locate"]>>;

/** The repository that is worked in: the one that the task names, else the first one. */
export function repositoryOf({ task, inputs }: Pick<AttemptContext, "task" | "inputs">, located: Located): LocatedRepository | null {
  const found = inputs.flatMap(({ name }) => {
    const one: LocatedInput | undefined = located[name];
    return one?.kind === "git-repository" ? [{ name, one }] : [];
  });
  return (found.find(({ name }) => task.spec.inputs.includes(name)) ?? found[0])?.one ?? null;
}

/** Accepted changes that this task builds on, each told against the request's own commit. */
export async function patchesOf(content: ContentStore, { upstream }: AttemptContext): Promise<readonly Uint8Array[]> {
  const patches = upstream.flatMap(({ outputs }) => outputs.filter(({ name }) => outputSource(name) === "patch"));
  return Promise.all(patches.map(({ sha256 }) => content.read(sha256)));
}

export interface Placing {
  readonly context: AttemptContext;
  readonly worktree: Worktree;
  readonly located: Located;
  readonly repository: LocatedRepository | null;
  readonly persona: Persona | undefined;
}

/** Lays instructions and what earlier tasks gave into the worktree, and names the request's other inputs where they are. */
export async function placeMaterials(
  content: ContentStore,
  { context, worktree, located, repository, persona }: Placing,
): Promise<{ readonly listed: readonly AgentMaterial[]; readonly readOnlyPaths: readonly string[] }> {
  await placeInstructions(worktree, context.task, persona);
  const listed: AgentMaterial[] = [];
  let left = maxMaterialBytes;
  for (const { taskKey, outputs } of context.upstream)
    for (const { name, sha256, bytes } of outputs) {
      if (outputSource(name) === "patch" || outputSource(name) === "bundle" || bytes > left) continue;
      left -= bytes;
      const place = `${agentPlaces.inputs}/${skillName({ key: taskKey, worldview: "", specializations: [] })}/${name.replace(/[^A-Za-z0-9._-]+/gu, "-")}`;
      await worktree.place(place, await content.read(sha256));
      listed.push({ name: `${taskKey}: ${name}`, place });
    }
  const others = Object.entries(located).flatMap(([name, one]) =>
    one === repository ? [] : [{ name, place: one.kind === "file" ? one.path : one.treeDirectory }],
  );
  return { listed: [...listed, ...others], readOnlyPaths: others.map(({ place }) => place) };
}

/** Where the repository has instructions of its own, they stay as they are, and ours lie beside. */
async function placeInstructions(worktree: Worktree, task: Task, persona: Persona | undefined): Promise<void> {
  const text = new TextEncoder().encode(agentInstructions(persona, task));
  await worktree.place(`.xvc/${agentPlaces.instructions}`, text);
  await worktree.place(agentPlaces.instructions, text);
  const skill = new TextEncoder().encode(agentSkill(persona, task));
  for (const folder of [".agents/skills", ".claude/skills"]) await worktree.place(`${folder}/xvc-${skillName(persona)}/SKILL.md`, skill);
}
