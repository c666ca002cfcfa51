import { effectKinds, effectGroup } from "../../core/gate/effect-treatment.ts";
import { type OutsideTool, outsideProblems } from "../../core/gate/outside-tool.ts";
import type { ToolServer } from "../../core/gate/tool-server.ts";
import type { Person } from "../../core/oversight/person.ts";
import { type NamedPerformer, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";
import { readOutside } from "./outside-tools.ts";

export interface OutsideToolView extends Pick<OutsideTool, "id" | "name" | "state" | "given" | "givenSha256" | "said"> {
  /** Why it cannot be allowed; empty when it can. */
  readonly problems: readonly string[];
  readonly allowedBy: NamedPerformer | null;
}

export interface ToolServerView extends Pick<ToolServer, "id" | "name" | "transport" | "hasToken" | "addedAtMs" | "reason" | "lastLook"> {
  readonly addedBy: NamedPerformer;
  readonly tools: readonly OutsideToolView[];
}

export interface ToolServersView {
  readonly schema: "xvc.tool-servers/1";
  readonly items: readonly ToolServerView[];
  readonly effectKinds: readonly { readonly kind: string; readonly group: string }[];
  readonly mayAdd: boolean;
  readonly mayAllow: boolean;
}

/** Connected servers with everything that they offer, allowed or not. */
export async function toolServersView(reader: Reader, viewer: Person): Promise<ToolServersView> {
  const [{ servers, tools }, people] = await Promise.all([readOutside(reader), readPeople(reader)]);
  const { roles } = viewer;
  return {
    schema: "xvc.tool-servers/1",
    items: [...servers.values()].map(({ id, name, transport, hasToken, addedAtMs, addedBy, reason, lastLook }) => ({
      id,
      name,
      transport,
      hasToken,
      addedAtMs,
      reason,
      lastLook,
      addedBy: namedPerson(people, addedBy),
      tools: tools
        .filter(({ serverId, state }) => serverId === id && state !== "gone")
        .toSorted((left, right) => left.name.localeCompare(right.name, "en"))
        .map((tool) => ({
          id: tool.id,
          name: tool.name,
          state: tool.state,
          given: tool.given,
          givenSha256: tool.givenSha256,
          said: tool.said,
          problems: outsideProblems(tool, name),
          allowedBy: tool.allowedBy === null ? null : namedPerson(people, tool.allowedBy),
        })),
    })),
    effectKinds: effectKinds.map((kind) => ({ kind, group: effectGroup(kind) })),
    mayAdd: roles.includes("administrator"),
    mayAllow: roles.includes("administrator") || roles.includes("director"),
  };
}
