/** How long a state may take to come about: generous, since it is only spent when something is wrong. */
export const PATIENCE = 120_000;

const PAUSE = 50;

/**
 * Waits for a state: asks `probe` again and again until it answers with something.
 *
 * @param what - the state in words, for the message when it never comes
 * @param probe - `undefined` or `false` mean "not yet"; so does a throw, as when an element was replaced
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  patience = PATIENCE,
): Promise<T> {
  const deadline = Date.now() + patience;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`Waited ${patience / 1000} s in vain for ${what}.`, { cause: lastError });
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
