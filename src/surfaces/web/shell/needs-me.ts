import { useQuery } from "@tanstack/react-query";
import { inboxQuery, meQuery } from "../queries.ts";

/** How many open items wait for the reader. */
export function useNeedsMe(): number {
  const me = useQuery({ ...meQuery, enabled: false });
  const inbox = useQuery({ ...inboxQuery("open"), enabled: me.data !== undefined });
  return (inbox.data?.items ?? []).filter((item) => item.mine).length;
}
