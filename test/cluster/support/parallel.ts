/** Does something with each item, several at a time, and returns the answers in order. */
export async function forEachOf<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>, atOnce = 16): Promise<R[]> {
  const answers = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      answers[index] = await work(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return answers;
}
