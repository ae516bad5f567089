// @ts-check
/** The dialog that sends a file: which register, in which datum; the rest the file tells. */

import { element, labelled } from "../dom.js";
import { wordsOf } from "../status.js";
import { pick, text } from "../text.js";
import { choice, optionFields } from "./options.js";
import { sendFile, templatePath } from "./service.js";

const TAKEN = ".xlsx,.csv,.txt,.geojson,.json,.gpkg,.zip,.kml,.kmz";

/**
 * Ask what a file is, and send it.
 * @param {Register[]} registers  that the caller may edit
 * @param {{file: File | null, register: string}} given
 * @param {(job: import("./service.js").Job) => void} sent
 */
export function askForFile(registers, given, sent) {
  const register = choice("register", registers.map((one) => [one.name, pick(one)]), given.register);
  const said = optionFields({});
  const file = element("input", { id: "import-file", type: "file", accept: TAKEN });
  if (given.file) file.files = listOf(given.file);
  const complaint = element("div", { class: "problem", role: "alert" });
  const template = element("a", {}, text("imports.template"));
  const follow = () => template.setAttribute("href", templatePath(register.input.value));
  register.input.addEventListener("change", follow);
  follow();
  const submit = element("button", { type: "submit", class: "primary" }, text("imports.send"));
  const dialog = element("dialog", { class: "import", "aria-labelledby": "import-title" });
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const chosen = file.files?.[0];
    if (!chosen) return void (complaint.textContent = text("imports.file.none"));
    submit.disabled = true;
    complaint.textContent = text("imports.sending");
    try {
      const job = await sendFile(formOf(chosen, { register: register.input.value, ...said.read() }));
      dialog.close();
      sent(job);
    } catch (problem) {
      complaint.textContent = wordsOf(problem);
    }
    submit.disabled = false;
  };
  dialog.append(element("form", { novalidate: true, on: { submit: send } },
    element("h2", { id: "import-title" }, text("imports.title")),
    labelled("imports.file", file),
    register.node, element("p", { class: "muted" }, text("imports.template.why"), " ", template),
    said.datum, element("p", { class: "muted" }, text("imports.datum.why")),
    element("details", {}, element("summary", {}, text("imports.more")), ...said.more),
    complaint,
    element("p", { class: "actions" }, submit,
      element("button", { type: "button", on: { click: () => dialog.close() } }, text("form.cancel")))));
  takeDropped(dialog, file);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {File} file @param {Record<string, any>} said @returns {FormData} without what is not said */
export function formOf(file, said) {
  const form = new FormData();
  for (const [name, value] of Object.entries(said)) if (value) form.set(name, String(value).trim());
  form.set("file", file);
  return form;
}

/** A file dropped on the dialog is the file. @param {HTMLElement} dialog @param {HTMLInputElement} input */
function takeDropped(dialog, input) {
  dialog.addEventListener("dragover", (event) => {
    event.preventDefault();
    event.stopPropagation();
    dialog.classList.add("over");
  });
  dialog.addEventListener("dragleave", () => dialog.classList.remove("over"));
  dialog.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    dialog.classList.remove("over");
    const dropped = event.dataTransfer?.files[0];
    if (dropped) input.files = listOf(dropped);
  });
}

/** @param {File} file @returns {FileList} as an input holds it */
function listOf(file) {
  const transfer = new DataTransfer();
  transfer.items.add(file);
  return transfer.files;
}
