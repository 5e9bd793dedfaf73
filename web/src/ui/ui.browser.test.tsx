import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import * as React from "react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WordsContext } from "../i18n";
import { words as en } from "../i18n/en";
import { words as ru } from "../i18n/ru";
import { Button, Choice, Dialog, Empty, Menu, Problem, Status, TextField, TooltipLayer } from ".";

afterEach(cleanup);

function show(children: React.ReactNode, words: typeof ru = en) {
  return render(<WordsContext value={words}>{children}</WordsContext>);
}

async function accessible() {
  const found = await axe.run(document.body, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  });
  expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join()}`)).toEqual([]);
}

describe.each([
  ["en", "light"],
  ["en", "dark"],
  ["ru", "light"],
  ["ru", "dark"],
] as const)("the primitives, %s %s", (language, theme) => {
  test("have no finding of axe in any of their states", async () => {
    document.documentElement.dataset.theme = theme;
    document.documentElement.lang = language;
    const words = language === "en" ? en : ru;
    show(
      <main>
        <h1>{words.settings}</h1>
        <Button>{words.save}</Button>
        <Button look="filled">{words.save}</Button>
        <Button look="danger">{words.delete}</Button>
        <Button look="quiet">{words.undo}</Button>
        <Button disabled>{words.save}</Button>
        <Menu label={words.more} items={[{ label: words.rename, onSelect: () => {} }]} tip>
          …
        </Menu>
        <TextField label={words.name} hint={words.agentNameHint} error={words.required} />
        <Choice
          label={words.theme}
          value="a"
          onChange={() => {}}
          options={[
            { value: "a", label: words.themeLight },
            { value: "b", label: words.themeDark, hint: words.themeSystem },
          ]}
        />
        {(["ok", "busy", "danger", "wait", "off"] as const).map((tone) => (
          <Status key={tone} tone={tone}>
            {words.live}
          </Status>
        ))}
        <Empty>{words.noSessions}</Empty>
        <Problem problem={{ text: words.errors.INTERNAL_ERROR, requestId: "r" }} onRetry={() => {}} />
      </main>,
      words,
    );
    await accessible();
    delete document.documentElement.dataset.theme;
  });
});

function Page() {
  const [open, setOpen] = React.useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>open</Button>
      {open && (
        <Dialog title="Rename" onClose={() => setOpen(false)} footer={<Button look="danger">Delete</Button>}>
          <TextField label="Title" data-autofocus />
        </Dialog>
      )}
    </>
  );
}

test("a dialog takes the focus to its first field, closes with Escape, and gives the focus back", async () => {
  const user = userEvent.setup();
  show(<Page />);
  await user.click(screen.getByText("open"));
  expect(document.activeElement).toBe(screen.getByLabelText("Title"));
  const dialog = screen.getByRole("dialog");
  dialog.dispatchEvent(new Event("cancel", { cancelable: true }));
  await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.activeElement).toBe(screen.getByText("open"));
});

test("a dialog without a field puts the focus on its heading, never on the dangerous button", () => {
  show(
    <Dialog title="Delete project" onClose={() => {}} footer={<Button look="danger">Delete</Button>}>
      <p>Gone for good.</p>
    </Dialog>,
  );
  expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Delete project" }));
});

test("a menu opens on its first item, moves with the arrows, and acts once", async () => {
  const user = userEvent.setup();
  const first = vi.fn();
  const second = vi.fn();
  show(
    <Menu
      label="Acts"
      items={[
        { label: "Rename", onSelect: first },
        { label: "Pin", onSelect: second },
      ]}
    >
      Acts
    </Menu>,
  );
  await user.click(screen.getByRole("button", { name: "Acts" }));
  await vi.waitFor(() =>
    expect(document.activeElement).toBe(screen.getByRole("menuitem", { name: "Rename" })),
  );
  await user.keyboard("{ArrowDown}{Enter}");
  expect(second).toHaveBeenCalledTimes(1);
  expect(first).not.toHaveBeenCalled();
});

test("a tooltip shows name and key on keyboard focus, and Escape hides it", async () => {
  const user = userEvent.setup();
  show(
    <>
      <button type="button" data-tip="Stop" data-keys="Esc">
        x
      </button>
      <TooltipLayer />
    </>,
  );
  await user.tab();
  await vi.waitFor(() =>
    expect(document.querySelector("[popover]:popover-open")?.textContent).toBe("Stop Esc"),
  );
  await user.keyboard("{Escape}");
  expect(document.querySelector("[popover]:popover-open")).toBeNull();
});
