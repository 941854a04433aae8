import type { Conversation } from "../protocol/conversation";

/** The one road from a webview to the extension host. */
interface HostApi {
  postMessage(message: unknown): void;
}
declare function acquireVsCodeApi(): HostApi;

/** Joins the page to the host and returns how to speak to it. Errors of the page go to the host's log. */
export function connect<Talk extends Conversation>(
  receive: (message: Talk["to"]) => void,
): (message: Talk["from"]) => void {
  const api = acquireVsCodeApi();
  const send = (message: Talk["from"]): void => {
    api.postMessage(message);
  };
  window.addEventListener("message", (event: MessageEvent<Talk["to"]>) => {
    receive(event.data);
  });
  window.addEventListener("error", (event) => {
    send({ type: "failure", message: `${event.message} (${event.filename}:${event.lineno})` });
  });
  window.addEventListener("unhandledrejection", (event) => {
    send({ type: "failure", message: String(event.reason) });
  });
  return send;
}
