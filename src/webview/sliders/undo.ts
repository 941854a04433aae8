/**
 * Undo and redo pressed in the side panel belong to the active Studio, whatever editor has VS Code's attention:
 * they go to the host as messages. In the search field they stay what they are in any text field.
 */
export function routeUndo(send: (message: { readonly type: "undo" | "redo" }) => void): void {
  const route = (event: KeyboardEvent): void => {
    const direction = undoKey(event);
    if (direction === undefined) return;
    event.stopImmediatePropagation();
    if (event.target instanceof Element && event.target.closest("vscode-text-field") !== null) return;
    event.preventDefault();
    send({ type: direction });
  };
  window.addEventListener("keydown", route, { capture: true });
}

/** Ctrl or Cmd with Z, Shift+Z or Y. */
function undoKey(event: KeyboardEvent): "undo" | "redo" | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" && !event.shiftKey ? "redo" : undefined;
}
