import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Agent } from "../api";
import { WordsContext } from "../i18n";
import { words } from "../i18n/en";
import { setPrefs } from "../ui";
import { Composer } from "./Composer";

const agent = (name: string, role: string, at: number) =>
  ({
    id: `id-${name}`,
    name,
    status: "ready",
    state: "idle",
    created_at: `2026-01-0${at}T00:00:00Z`,
    config: { system_prompt: "x", metadata: { role } },
  }) as unknown as Agent;

const agents = [agent("Orchestrator", "orchestrator", 1), agent("Ask", "ask", 2), agent("Debug", "debug", 3)];
const onSend = vi.fn();
const onStop = vi.fn();
const pinned = vi.fn();

function show(more: Partial<Parameters<typeof Composer>[0]> = {}) {
  render(
    <WordsContext value={words}>
      <Composer
        place="s1"
        agents={agents}
        hues={new Map()}
        commands={[{ id: "pin", label: "Pin this session", run: pinned }]}
        running={false}
        stopping={false}
        queueFull={false}
        given={null}
        editing={false}
        onCancelEdit={() => {}}
        onSend={onSend}
        onStop={onStop}
        onEditLast={() => {}}
        {...more}
      />
    </WordsContext>,
  );
  return screen.getByRole<HTMLTextAreaElement>("combobox", { name: "Message" });
}

beforeEach(() => {
  localStorage.clear();
  setPrefs({ enterSends: true });
  vi.clearAllMocks();
});
afterEach(cleanup);

test("Enter sends, Shift+Enter breaks the line", async () => {
  const user = userEvent.setup();
  const field = show();
  await user.type(field, "one{Shift>}{Enter}{/Shift}two{Enter}");
  expect(onSend).toHaveBeenCalledWith("one\ntwo", null);
  expect(field.value).toBe("");
  expect(document.activeElement).toBe(field);
});

test("with the setting off Enter breaks the line and Ctrl+Enter sends", async () => {
  setPrefs({ enterSends: false });
  const user = userEvent.setup();
  const field = show();
  await user.type(field, "one{Enter}two");
  expect(onSend).not.toHaveBeenCalled();
  await user.type(field, "{Control>}{Enter}{/Control}");
  expect(onSend).toHaveBeenCalledWith("one\ntwo", null);
});

test("Enter during composition belongs to the input method", () => {
  const field = show();
  fireEvent.change(field, { target: { value: "にほ" } });
  fireEvent.keyDown(field, { key: "Enter", isComposing: true });
  fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
  expect(onSend).not.toHaveBeenCalled();
});

test("@ lists agents, Tab inserts, Escape closes and stops nothing", async () => {
  const user = userEvent.setup();
  const field = show({ running: true });
  await user.type(field, "hey @d");
  expect(field.getAttribute("aria-activedescendant")).toBe(
    screen.getByRole("option", { name: /^Debug.*ready/ }).id,
  );
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("listbox")).toBeNull();
  expect(onStop).not.toHaveBeenCalled();
  await user.type(field, "e");
  await user.keyboard("{Tab}");
  expect(field.value).toBe("hey @Debug ");
  await user.keyboard("{Escape}");
  expect(onStop).toHaveBeenCalledTimes(1);
});

test("a command runs instead of being sent", async () => {
  const user = userEvent.setup();
  const field = show();
  await user.type(field, "/pi{Enter}");
  expect(pinned).toHaveBeenCalledTimes(1);
  expect(onSend).not.toHaveBeenCalled();
  expect(field.value).toBe("");
});

test("a paste over 64 KiB is refused with its size, and the text stays", async () => {
  const user = userEvent.setup();
  const field = show();
  await user.type(field, "kept");
  await user.paste("ж".repeat(40_000));
  expect(field.value).toBe("kept");
  expect(screen.getByRole("alert").textContent).toBe("The text has 79 KiB; a message holds 64.");
});

test("a draft survives, for each session its own", async () => {
  const user = userEvent.setup();
  await user.type(show(), "half a thought");
  cleanup();
  expect(show({ place: "s2" }).value).toBe("");
  cleanup();
  expect(show().value).toBe("half a thought");
});

test("a full queue keeps the text and says why", async () => {
  const user = userEvent.setup();
  const field = show({ running: true, queueFull: true });
  await user.type(field, "eleventh{Enter}");
  expect(onSend).not.toHaveBeenCalled();
  expect(field.value).toBe("eleventh");
  expect(screen.getByRole("alert").textContent).toBe(words.queueFull);
});

test("the target is the ask-role agent until another is chosen", async () => {
  const user = userEvent.setup();
  const field = show();
  const target = screen.getByRole("combobox", { name: "To" });
  expect(target).toHaveProperty("selectedOptions.0.textContent", "Ask · default");
  await user.selectOptions(target, "Debug");
  await user.type(field, "look{Enter}");
  expect(onSend).toHaveBeenCalledWith("look", "id-Debug");
});

test("Up in the empty field edits the last message; with Alt it is the page's key", async () => {
  const edited = vi.fn();
  const field = show({ onEditLast: edited });
  const user = userEvent.setup();
  field.focus();
  await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
  expect(edited).not.toHaveBeenCalled();
  await user.keyboard("{ArrowUp}");
  expect(edited).toHaveBeenCalledOnce();
});
