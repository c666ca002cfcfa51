import { noticeKind } from "../../core/oversight/notice.ts";
import type { Person, Project } from "../../core/oversight/person.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Engine } from "../engine.ts";
import { readChannels } from "./channel-view.ts";

/** Who looks for a message, and where it may be. */
interface Looker {
  readonly organization: { readonly id: string };
  readonly person: Person;
  readonly projects: readonly Project[];
}

/** The project of a message to one of the looker's channels; undefined: there is none that is theirs to see. */
export async function projectOfNotice(engine: Pick<Engine, "read">, looker: Looker, noticeId: string): Promise<string | undefined> {
  const organizationId = asId<"organization">(looker.organization.id);
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(noticeId)) return undefined;
  for (const { id } of looker.projects) {
    const isHere = await engine.read({ organizationId, projectIds: [asId(id)] }, async (reader) => {
      const notice = await reader.get(noticeKind, noticeId);
      return notice !== undefined && (await readChannels(reader, looker.person, true)).some((channel) => channel.id === notice.channelId);
    });
    if (isHere) return id;
  }
  return undefined;
}
