/** The current time. Everything that depends on time gets it from here. */
export type Clock = () => Date;
