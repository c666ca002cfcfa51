import { useMutation, useQueryClient } from "@tanstack/react-query";
import { announce } from "../../shell/announce.tsx";

/** An act of a page: told when done, everything read anew, its refusal kept for the place it came from. */
export function useAct<Given>(act: (given: Given) => Promise<unknown>, said: string, done: () => void = () => {}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      announce(said);
      done();
      await client.invalidateQueries();
    },
  });
}
