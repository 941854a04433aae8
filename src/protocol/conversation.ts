/** What two ends may say to each other. */
export interface Conversation {
  readonly to: { readonly type: string };
  readonly from: { readonly type: string } | Failure;
}

/** A webview's own error, for the log. */
export interface Failure {
  readonly type: "failure";
  readonly message: string;
}
