/** The last six digits of an id: what a person types to confirm that they mean this very object. Random in ids of version 7. */
export const shortIdOf = (id: string): string => id.slice(-6);
