import type { Json } from "../../core/shared/json.ts";

/** Whose a value is, and where it stands: it opens there alone. */
export interface PersonalPlace {
  readonly personId: string;
  readonly kind: string;
  readonly field: string;
}

/**
 * Keeps what is personal unreadable without the person's own key, which is itself sealed by the installation's key. Whoever destroys
 * the one sealed key has destroyed every copy of what it sealed, in the history and in all exports and backups alike.
 */
export interface PersonalCipher {
  /** A fresh key of a person, sealed. */
  newKey(personId: string): string;
  /** The same value of the same person at the same place gives the same text, so what did not change does not look changed. */
  seal(key: string, place: PersonalPlace, value: Json): string;
  /** @throws {Failure} `personal.not-opened` when it was sealed with another key or for another place */
  open(key: string, place: PersonalPlace, sealed: string): Json;
  /** By what a value is found again without being readable: equal for equal values of one organization, and made with the installation's key. */
  index(place: Omit<PersonalPlace, "personId"> & { readonly organizationId: string }, value: Json): string;
}
