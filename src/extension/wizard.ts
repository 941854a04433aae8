import * as vscode from "vscode";

/** The person wants the question before. */
export const BACK = Symbol("back");

/** Where a question stands among the others. */
export interface Place {
  readonly title: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
}

/** One question: the choices with its answer, or the way back. */
export type Step<Choices> = (choices: Choices, place: Place) => Promise<Choices | typeof BACK>;

/**
 * Asks questions one after the other, with a button that leads back. Which questions there are may depend on the answers
 * so far.
 *
 * @throws vscode.CancellationError where the person closes a question
 */
export async function walk<Choices>(
  title: string,
  stepsOf: (choices: Choices) => readonly Step<Choices>[],
  start: Choices,
): Promise<Choices> {
  // What the choices were before each question: an answer that is taken back takes back what followed from it.
  const before: Choices[] = [];
  let choices = start;
  for (;;) {
    const steps = stepsOf(choices);
    const step = steps[before.length];
    if (step === undefined) return choices;
    const answer = await step(choices, { title, step: before.length + 1, steps: steps.length });
    if (answer === BACK) {
      choices = before.pop() ?? start;
    } else {
      before.push(choices);
      choices = answer;
    }
  }
}

/** Something to choose. */
export interface Option<Value> extends vscode.QuickPickItem {
  readonly value: Value;
}

/** A heading among options. */
export type Heading = vscode.QuickPickItem & { readonly kind: vscode.QuickPickItemKind.Separator };

export interface Question {
  readonly placeholder: string;
  readonly place: Place;
}

/** One of several; the first that is `picked` is active at the start. */
export async function askOne<Value>(
  options: readonly (Option<Value> | Heading)[],
  question: Question,
): Promise<Value | typeof BACK> {
  return ask(options, question, false, (chosen) => chosen[0]?.value);
}

/** At least `least` of several: before, there is no way on. */
export async function askSome<Value>(
  options: readonly (Option<Value> | Heading)[],
  question: Question,
  least = 1,
): Promise<readonly Value[] | typeof BACK> {
  return ask(options, question, true, (chosen) =>
    chosen.length < least ? undefined : chosen.map(({ value }) => value),
  );
}

async function ask<Value, Answer>(
  options: readonly (Option<Value> | Heading)[],
  { placeholder, place }: Question,
  many: boolean,
  answerOf: (chosen: readonly Option<Value>[]) => Answer | undefined,
): Promise<Answer | typeof BACK> {
  const picker = vscode.window.createQuickPick<Option<Value> | Heading>();
  picker.items = options;
  picker.canSelectMany = many;
  picker.matchOnDescription = true;
  const picked = options.filter((option) => option.picked === true);
  // Where nothing is picked VS Code makes the first one active; an empty list would make none, and Enter do nothing.
  if (many) picker.selectedItems = picked;
  else if (picked.length > 0) picker.activeItems = picked.slice(0, 1);
  picker.placeholder = placeholder;
  return shown(picker, place, () => answerOf(picker.selectedItems.filter((item) => "value" in item)));
}

export interface TextQuestion extends Question {
  readonly value: string;
  /** What is wrong with a text, in a sentence. */
  readonly problem: (text: string) => string | undefined;
}

/** A line of text without a problem. */
export async function askText({
  placeholder,
  place,
  value,
  problem,
}: TextQuestion): Promise<string | typeof BACK> {
  const box = vscode.window.createInputBox();
  box.value = value;
  box.prompt = placeholder;
  box.onDidChangeValue((text) => {
    box.validationMessage = problem(text);
  });
  return shown(box, place, () => {
    box.validationMessage = problem(box.value);
    return box.validationMessage === undefined ? box.value : undefined;
  });
}

/** Shows a question until it has an answer. */
function shown<Answer>(
  input: vscode.QuickInput & {
    buttons: readonly vscode.QuickInputButton[];
    readonly onDidAccept: vscode.Event<void>;
    readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
  },
  { title, step, steps }: Place,
  answerOf: () => Answer | undefined,
): Promise<Answer | typeof BACK> {
  input.title = title;
  if (steps > 1) {
    input.step = step;
    input.totalSteps = steps;
  }
  input.buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
  input.ignoreFocusOut = true;
  return new Promise<Answer | typeof BACK>((resolve, reject) => {
    input.onDidAccept(() => {
      const answer = answerOf();
      if (answer === undefined) return;
      resolve(answer);
      input.dispose();
    });
    input.onDidTriggerButton(() => {
      resolve(BACK);
      input.dispose();
    });
    // Comes after every end; where the question is answered already it changes nothing.
    input.onDidHide(() => {
      reject(new vscode.CancellationError());
      input.dispose();
    });
    input.show();
  });
}
