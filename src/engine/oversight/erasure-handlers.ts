import { channelKind, maxChannels } from "../../core/oversight/channel.ts";
import {
  type ErasePerson,
  type ErasureSlice,
  type HoldPerson,
  type KeepPerson,
  decideErasure,
  decideHold,
  decideKeeping,
} from "../../core/oversight/decide-erasure.ts";
import { personKind } from "../../core/oversight/person.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson } from "../shared/load-slice.ts";
import { maxNamedPeople } from "./people-view.ts";

async function loadErasure(
  transaction: Transaction,
  { personId }: { readonly personId: string },
  context: LoadContext,
): Promise<ErasureSlice> {
  const [subject] = await transaction.lock(personKind, [personId]);
  const open = await transaction.find(channelKind, { where: { personId, state: ["active", "paused"] }, limit: maxChannels });
  return {
    subject,
    person: await loadPerson(transaction, context),
    members: await transaction.find(personKind, { where: { state: "active" }, limit: maxNamedPeople }),
    channels: await transaction.lock(
      channelKind,
      open.map(({ id }) => id),
    ),
  };
}

export const erasePersonHandler = handler<ErasePerson, ErasureSlice>({ load: loadErasure, decide: decideErasure });
export const keepPersonHandler = handler<KeepPerson, ErasureSlice>({ load: loadErasure, decide: decideKeeping });
export const holdPersonHandler = handler<HoldPerson, ErasureSlice>({ load: loadErasure, decide: decideHold });
