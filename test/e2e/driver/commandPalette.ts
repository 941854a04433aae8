import type { Page } from "playwright-core";
import type { QuickInput } from "./quickInput.js";
import { until } from "./until.js";

/** Milliseconds that the box has to take what is typed, before it is thought to have closed again. */
const BRIEF = 5_000;

/** Runs commands as a user does. */
export class CommandPalette {
  readonly #page: Page;
  readonly #quickInput: QuickInput;

  constructor(page: Page, quickInput: QuickInput) {
    this.#page = page;
    this.#quickInput = quickInput;
  }

  /** Runs the command with this title, category included: "RFM: Select Model". Waits until it is offered. */
  async run(title: string): Promise<void> {
    await until(`the command "${title}" to be offered`, async () => {
      const row = (await this.#search(title)).find((offered) => isCommand(offered.label, title));
      if (!row) {
        // The palette does not refresh itself when an extension's commands arrive.
        await this.#quickInput.cancel();
        return false;
      }
      await this.#page.locator(`#${row.id}`).click({ timeout: 2_000 });
      return true;
    });
  }

  /** Whether the palette offers the command here and now. */
  async offers(title: string): Promise<boolean> {
    const rows = await this.#search(title);
    await this.#quickInput.cancel();
    return rows.some((offered) => isCommand(offered.label, title));
  }

  /** Opens the palette, types the title, and reads the list once it answers to what was typed. */
  async #search(title: string): Promise<Offer[]> {
    // The box closes where something else takes the focus meanwhile; then it is opened anew.
    await until("the palette to be typed into", async () => {
      await this.#quickInput.cancel();
      await this.#page.keyboard.press("F1");
      await this.#quickInput.type(`>${title}`, BRIEF);
      return true;
    });
    return until(
      "the palette to answer",
      async () => {
        const offers = await this.#page
          .locator(".quick-input-widget:visible .quick-input-list .monaco-list-row")
          .evaluateAll((rows) =>
            rows.map((row) => ({
              id: row.id,
              label: row.getAttribute("aria-label") ?? "",
              found: row.querySelector(".highlight") !== null,
              heading: row.querySelector(".quick-input-list-separator")?.textContent ?? "",
            })),
          );
        return offers.some(answersToSearch) ? offers : undefined;
      },
      4 * BRIEF,
    );
  }
}

/** One row of the palette. */
interface Offer {
  readonly id: string;
  readonly label: string;
  /** Whether a part of it is marked as found. */
  readonly found: boolean;
  /** What stands above it where a group begins. */
  readonly heading: string;
}

/** The list of all commands, from before the typing, has neither marks nor these words. */
function answersToSearch({ found, label, heading }: Offer): boolean {
  return found || label.startsWith("No matching") || heading.includes("similar commands");
}

/** A row's label is the title, perhaps followed by "recently used", a key binding and the like. */
function isCommand(label: string, title: string): boolean {
  return label === title || label.startsWith(`${title}, `);
}
