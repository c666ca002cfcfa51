import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { api, isSignedOut, refusalOf } from "../api.ts";
import { meQuery } from "../queries.ts";
import { announce } from "./announce.tsx";
import { IconButton } from "./controls.tsx";

/** Ends the session of this browser, in all its tabs. Nothing that was read stays behind it. */
export function SignOutButton() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const me = useQuery({ ...meQuery, enabled: false });
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSuccess: async () => {
      await navigate({ to: "/sign-in" });
      client.clear();
    },
    onError: (error) => announce(refusalOf(error).message),
  });
  if (me.data === undefined || isSignedOut(me.error)) return null;
  return (
    <IconButton label="Sign out" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
      <LogOut size={16} aria-hidden="true" />
    </IconButton>
  );
}
