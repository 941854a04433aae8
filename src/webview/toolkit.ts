/**
 * The only module that knows @vscode/webview-ui-toolkit. The toolkit is no longer developed; whatever follows
 * it has to offer these three controls and nothing else changes. (It has no slider: ours is a themed native one.)
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDivider,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import { setAttributes } from "./dom";

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDivider(), vsCodeTextField());

export interface ButtonOptions {
  /** What the button looks like; an icon button shows one character and needs a `title`. */
  readonly appearance?: "primary" | "secondary" | "icon";
  readonly title?: string;
  /** Name under which {@link redraw} finds the button again. */
  readonly key?: string;
  readonly onPress?: () => void;
}

/** A push button. */
export function button(label: string, options: ButtonOptions = {}): HTMLElement {
  const made = document.createElement("vscode-button");
  setAttributes(made, {
    appearance: options.appearance ?? "secondary",
    title: options.title,
    "aria-label": options.title ?? label,
    "data-key": options.key,
  });
  made.textContent = label;
  if (options.onPress !== undefined) made.addEventListener("click", options.onPress);
  return made;
}

export interface TextFieldOptions {
  readonly label: string;
  /** The text at the start. */
  readonly value?: string;
  readonly onInput: (text: string) => void;
}

/** A one-line text field whose label is its placeholder and its name for screen readers. */
export function textField(options: TextFieldOptions): HTMLElement {
  const made = document.createElement("vscode-text-field");
  setAttributes(made, { placeholder: options.label, "aria-label": options.label, value: options.value });
  made.addEventListener("input", () => {
    if ("value" in made && typeof made.value === "string") options.onInput(made.value);
  });
  return made;
}

/** A thin line between two parts. */
export function divider(): HTMLElement {
  const made = document.createElement("vscode-divider");
  setAttributes(made, { role: "separator" });
  return made;
}
