/** The request budget limits a run; this only fills the time in which requests are answered. */
const TENANTS_AT_ONCE = 4;

/** Does work for what a source yields, a few at a time, as long as it goes on. */
export async function inParallel<T>(
  source: AsyncIterator<T>,
  goesOn: () => boolean,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const worker = async () => {
    while (goesOn()) {
      const { done, value } = await source.next();
      if (done) {
        return;
      }
      await work(value);
    }
  };
  await Promise.all(Array.from({ length: TENANTS_AT_ONCE }, worker));
}
