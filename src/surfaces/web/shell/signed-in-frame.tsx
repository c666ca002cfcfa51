import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { isSignedOut } from "../api.ts";
import { startLive } from "../live.ts";
import { meQuery } from "../queries.ts";
import { Frame } from "./frame.tsx";

/** The frame plus the tab's live stream, which opens once it is known who is asking. */
export function SignedInFrame() {
  const client = useQueryClient();
  const me = useQuery(meQuery);
  const signedIn = me.data !== undefined && !isSignedOut(me.error);
  const projects = (me.data?.projects ?? []).map((project) => project.id).join(" ");
  const streamed = useRef(projects);
  useEffect(() => {
    if (!signedIn) return undefined;
    // A stream carries the projects that were there when it opened: with a new one it opens anew, and what fell between is read.
    if (streamed.current !== "" && streamed.current !== projects) void client.invalidateQueries();
    streamed.current = projects;
    return startLive(client);
  }, [signedIn, projects, client]);
  return <Frame />;
}
