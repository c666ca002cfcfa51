import {
  type DefaultedQueryObserverOptions,
  type MutationOptions,
  QueryClient,
  type QueryKey,
  type QueryObserverOptions,
} from "@tanstack/react-query";
import { Failure } from "../../../core/shared/failure.ts";
import { atMoment } from "../moment.ts";

const readOnly = (): Failure =>
  new Failure("invalid", "web.past-is-read-only", {
    message: "This is how it was. Nothing can be changed here; go back to now to act.",
    instance: null,
    problems: [],
  });

/**
 * Reads for a page as of one instant, beside the client of the present and with a memory of its own, so that the live stream and the rest
 * of the frame stay with now. What is over does not change: nothing is read twice, and nothing is sent.
 */
export class PastClient extends QueryClient {
  readonly #atMs: number;

  constructor(atMs: number) {
    super({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false, refetchOnWindowFocus: false } } });
    this.#atMs = atMs;
  }

  override defaultQueryOptions<
    TQueryFnData = unknown,
    TError = Error,
    TData = TQueryFnData,
    TQueryData = TQueryFnData,
    TQueryKey extends QueryKey = QueryKey,
    TPageParam = never,
  >(
    options:
      | QueryObserverOptions<TQueryFnData, TError, TData, TQueryData, TQueryKey, TPageParam>
      | DefaultedQueryObserverOptions<TQueryFnData, TError, TData, TQueryData, TQueryKey>,
  ): DefaultedQueryObserverOptions<TQueryFnData, TError, TData, TQueryData, TQueryKey> {
    const defaulted = super.defaultQueryOptions(options);
    const ask = defaulted.queryFn;
    if (typeof ask !== "function") return defaulted;
    const then: typeof ask = (context) => atMoment(this.#atMs, () => ask(context));
    return { ...defaulted, queryFn: then, refetchInterval: false, staleTime: Number.POSITIVE_INFINITY };
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- the signature of the class it extends
  override defaultMutationOptions<T extends MutationOptions<any, any, any, any>>(options?: T): T {
    const defaulted = super.defaultMutationOptions(options);
    return { ...defaulted, mutationFn: () => Promise.reject(readOnly()) };
  }
}
