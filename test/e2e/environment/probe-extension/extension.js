// A number in a *.probe.json file, with a button that adds one: enough to see dirty, undo and save.
const vscode = require("vscode");

exports.activate = (context) => {
  const log = vscode.window.createOutputChannel("Probe", { log: true });
  log.info("probe is active");
  const editor = new NumberEditor();
  const commands = {
    "probe.greet": () => {
      const state = vscode.workspace.isTrusted ? "trusted" : "restricted";
      vscode.window.showInformationMessage(`Hello from a ${state} workspace`);
    },
    "probe.count": (_file, files) => vscode.window.showWarningMessage(`${files.length} files chosen`),
    "probe.ask": async () => {
      const size = await vscode.window.showQuickPick(["small", "large"], { title: "Which size?" });
      const name = await vscode.window.showInputBox({ title: "Which name?" });
      const answer = await vscode.window.showInformationMessage(`${size} ${name}`, "Fail");
      if (answer === "Fail") vscode.window.showErrorMessage("failed as asked");
    },
    "probe.add": () => editor.active?.add(),
  };
  for (const [id, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(id, run));
  }
  context.subscriptions.push(
    log,
    vscode.window.registerCustomEditorProvider("probe.number", editor),
    vscode.window.registerWebviewViewProvider("probe.view", {
      resolveWebviewView(view) {
        view.webview.html = `<p id="view">The probe's view</p>`;
      },
    }),
  );
};

class NumberEditor {
  #changed = new vscode.EventEmitter();
  onDidChangeCustomDocument = this.#changed.event;
  active;

  async openCustomDocument(uri) {
    const document = { uri, value: await read(uri), redraw: () => {}, dispose() {} };
    document.add = () => {
      const step = (amount) => () => {
        document.value += amount;
        document.redraw();
      };
      step(1)();
      this.#changed.fire({ document, undo: step(-1), redo: step(1) });
    };
    return document;
  }

  resolveCustomEditor(document, panel) {
    this.active = document;
    panel.webview.options = { enableScripts: true };
    panel.webview.html = `<output id="number"></output><button id="add">Add one</button><script>
      const host = acquireVsCodeApi();
      addEventListener("message", ({ data }) => (document.querySelector("#number").textContent = data));
      document.querySelector("#add").onclick = () => host.postMessage("add");
      host.postMessage("ready");
    </script>`;
    document.redraw = () => panel.webview.postMessage(String(document.value));
    panel.webview.onDidReceiveMessage((message) => (message === "add" ? document.add() : document.redraw()));
  }

  async saveCustomDocument(document) {
    await this.saveCustomDocumentAs(document, document.uri);
  }

  async saveCustomDocumentAs(document, uri) {
    await vscode.workspace.fs.writeFile(uri, Buffer.from(JSON.stringify({ value: document.value })));
  }

  async revertCustomDocument(document) {
    document.value = await read(document.uri);
    document.redraw();
  }

  async backupCustomDocument(document, { destination }) {
    await this.saveCustomDocumentAs(document, destination);
    return { id: destination.toString(), delete: () => vscode.workspace.fs.delete(destination) };
  }
}

async function read(uri) {
  return JSON.parse(Buffer.from(await vscode.workspace.fs.readFile(uri)).toString("utf8")).value;
}
