import type { DeliveryClass, EffectKind } from "../../core/gate/effect.ts";
import { type EffectGroup, effectGroup, treatmentOf } from "../../core/gate/effect-treatment.ts";
import { type Halt, haltKind, maxHalts } from "../../core/gate/halt.ts";
import type { ToolDeclaration } from "../../core/gate/tool-declaration.ts";
import { type ToolMode, type ToolPin, toolPinKind } from "../../core/gate/tool-pin.ts";
import { toolLimits } from "../../core/gate/tool-declaration.ts";
import { toolPolicies, toolPolicyWords } from "../../core/gate/tool-policy.ts";
import type { Person } from "../../core/oversight/person.ts";
import { type Persona, personaKind } from "../../core/personas/persona.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { type NamedPerformer, type People, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";
import type { DeclaredTool } from "./declared-tools.ts";

const maxPersonas = 1_000;
/** Personas named beside one tool; more are counted. */
const maxNamed = 50;

/** Whether a tool does anything now, and if not, why. */
export type ToolStanding = "ready" | "tightened" | "suspended" | "new" | "changed" | "halted";

export interface ToolView {
  readonly name: string;
  readonly description: string;
  readonly origin: string;
  readonly parameters: JsonObject;
  readonly effectKind: EffectKind;
  readonly group: EffectGroup;
  readonly deliveryClass: DeliveryClass;
  readonly targets: readonly string[];
  readonly amountArgument: string | null;
  readonly resultIntegrity: string;
  readonly costMicro: number;
  readonly timeLimitMs: number;
  readonly mode: ToolMode;
  readonly standing: ToolStanding;
  readonly definitionSha256: string;
  /** The definition that a person agreed to; null: none, as what is built in needs none. */
  readonly agreedSha256: string | null;
  readonly pin: { readonly reason: string; readonly setBy: NamedPerformer; readonly setAtMs: number } | null;
  readonly mayCall: MayCall;
}

export interface MayCall {
  /** Every persona within its own task: files and results of the task itself. */
  readonly everyone: boolean;
  /** Personas that name it. They get it where an approved plan names it as well. */
  readonly personas: readonly string[];
  readonly count: number;
}

export interface ToolsView {
  readonly schema: "xvc.tools/1";
  readonly items: readonly ToolView[];
  readonly policies: readonly {
    readonly id: string;
    readonly statement: string;
    readonly text: string;
    readonly kind: "permit" | "forbid";
  }[];
  readonly mayTighten: boolean;
  readonly mayOpen: boolean;
}

/** Every registered tool in the order of its name. */
export async function toolsView(
  reader: Reader,
  { viewer, tools }: { readonly viewer: Person; readonly tools: readonly DeclaredTool[] },
): Promise<ToolsView> {
  const [pins, halts, personas, people] = await Promise.all([
    reader.find(toolPinKind, { limit: toolLimits.tools }),
    reader.find(haltKind, { where: { state: ["set", "lifting"], scope: "tool" }, limit: maxHalts }),
    reader.find(personaKind, { limit: maxPersonas }),
    readPeople(reader),
  ]);
  const known = new Map(pins.map((pin) => [pin.tool, pin]));
  const may = (roles: readonly Person["roles"][number][]): boolean => roles.some((role) => viewer.roles.includes(role));
  return {
    schema: "xvc.tools/1",
    items: tools
      .map((tool) => toolView(tool, { pin: known.get(tool.declaration.name), halts, personas, people }))
      .toSorted((left, right) => left.name.localeCompare(right.name, "en")),
    policies: Object.entries(toolPolicies).map(([id, text]) => ({
      id,
      text,
      statement: toolPolicyWords[id] ?? "",
      kind: text.startsWith("forbid") ? "forbid" : "permit",
    })),
    mayTighten: may(["administrator", "director", "lead"]),
    mayOpen: may(["administrator", "director"]),
  };
}

interface Around {
  readonly pin: ToolPin | undefined;
  readonly halts: readonly Halt[];
  readonly personas: readonly Persona[];
  readonly people: People;
}

function toolView({ declaration, definitionSha256 }: DeclaredTool, { pin, halts, personas, people }: Around): ToolView {
  const { name, description, origin, parameters, effectKind, deliveryClass, targets, amountArgument } = declaration;
  return {
    name,
    description,
    origin,
    parameters,
    effectKind,
    group: effectGroup(effectKind),
    deliveryClass,
    targets,
    amountArgument,
    resultIntegrity: declaration.result.integrity,
    costMicro: declaration.costMicro,
    timeLimitMs: declaration.timeLimitMs,
    mode: pin?.mode ?? "open",
    standing: halts.some(({ scopeId }) => scopeId === name) ? "halted" : standingOf(declaration, definitionSha256, pin),
    definitionSha256,
    agreedSha256: pin?.definitionSha256 ?? null,
    pin: pin === undefined ? null : { reason: pin.reason, setBy: namedPerson(people, pin.setBy), setAtMs: pin.setAtMs },
    mayCall: mayCallOf(declaration, personas),
  };
}

function standingOf(
  { origin }: Pick<ToolDeclaration, "origin">,
  definitionSha256: string,
  pin: ToolPin | undefined,
): Exclude<ToolStanding, "halted"> {
  if (pin?.mode === "suspended") return "suspended";
  const isAgreed = origin === "built-in" || pin?.definitionSha256 === definitionSha256;
  if (!isAgreed) return pin === undefined || pin.definitionSha256 === null ? "new" : "changed";
  return pin?.mode === "tightened" ? "tightened" : "ready";
}

function mayCallOf({ name, origin, effectKind }: ToolDeclaration, personas: readonly Persona[]): MayCall {
  const naming = personas.filter(({ tools, retired }) => retired !== true && tools.includes(name)).map(({ key }) => key);
  return {
    everyone: origin === "built-in" && ["read", "write-private"].includes(treatmentOf(effectKind)),
    personas: naming.toSorted().slice(0, maxNamed),
    count: naming.length,
  };
}
