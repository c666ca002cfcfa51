import { createContext, useContext } from "react";

/** The recorded instant that the page is shown as of; null: as it is now. */
export const MomentContext = createContext<number | null>(null);

/** Acts are neither offered nor sent where it is not null. */
export const useMoment = (): number | null => useContext(MomentContext);
