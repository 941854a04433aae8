import { createHash } from "node:crypto";
import * as vscode from "vscode";

/** Under which name VS Code keeps them, for all workspaces. */
const KEY = "licences.agreed";
/** Older ones are forgotten first: then a licence is shown once more. */
const MOST = 500;

/** What is used under a licence. */
export interface Licensed {
  readonly name: string;
  /** Identity of the weights. */
  readonly sha256: string;
  readonly licence?: string;
}

/** Which licences the person has seen and accepted, for which weights. */
export class LicenceAgreements {
  readonly #store: vscode.Memento;

  constructor(store: vscode.Memento) {
    this.#store = store;
  }

  /** Remembers that the person has accepted a licence. */
  async remember(licensed: Licensed): Promise<void> {
    const key = agreementKey(licensed);
    const others = this.#agreed().filter((known) => known !== key);
    await this.#store.update(KEY, [...others, key].slice(-MOST));
  }

  /** Shows a licence before its weights are used for the first time. @returns whether they may be used */
  async ask(licensed: Licensed): Promise<boolean> {
    const { name, licence } = licensed;
    if (licence === undefined || this.#agreed().includes(agreementKey(licensed))) return true;
    const use = vscode.l10n.t("Use This Model");
    const message = vscode.l10n.t("Licence of {0}", name);
    const answer = await vscode.window.showInformationMessage(message, { modal: true, detail: licence }, use);
    if (answer !== use) return false;
    await this.remember(licensed);
    return true;
  }

  #agreed(): readonly string[] {
    const stored = this.#store.get<unknown>(KEY);
    return Array.isArray(stored) ? stored.filter((key) => typeof key === "string") : [];
  }
}

/** Other weights, or another wording, are another licence to accept. */
export function agreementKey({ sha256, licence = "" }: Licensed): string {
  return `${sha256} ${createHash("sha256").update(licence).digest("hex")}`;
}
