import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { isSignedOut } from "../api.ts";
import { startLive } from "../live.ts";
import { meQuery } from "../queries.ts";
import { Frame } from "./frame.tsx";

/** The frame plus the tab's live stream, which opens once it is known who is asking. */
export function SignedInFrame() {
  const client = useQueryClient();
  const me = useQuery(meQuery);
  const signedIn = me.data !== undefined && !isSignedOut(me.error);
  useEffect(() => (signedIn ? startLive(client) : undefined), [signedIn, client]);
  return <Frame />;
}
