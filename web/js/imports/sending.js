// @ts-check
/** The dialog that sends a file: which register, in which datum; the rest the file tells. */

import { element } from "../dom.js";
import { wordsOf } from "../status.js";
import { pick, text } from "../text.js";
import { sendFile, templatePath } from "./service.js";

const DATUMS = ["cgcs2000", "wgs84", "gcj02", "bd09"];
const ENCODINGS = ["utf-8", "gb18030", "utf-16"];
const TAKEN = ".xlsx,.csv,.txt,.geojson,.json,.gpkg,.zip,.kml,.kmz";

/**
 * Ask what a file is, and send it.
 * @param {Register[]} registers  that the caller may edit
 * @param {{file: File | null, register: string}} given
 * @param {(job: import("./service.js").Job) => void} sent
 */
export function askForFile(registers, given, sent) {
  const register = choice("register", registers.map((one) => [one.name, pick(one)]), given.register);
  const datum = choice("datum", [["", text("imports.datum.none")], ...DATUMS.map((one) => /** @type {[string, string]} */ ([one, text(`imports.datum.${one}`)]))], "");
  const encoding = choice("encoding", [["", text("imports.guessed")], ...ENCODINGS.map((one) => /** @type {[string, string]} */ ([one, one.toUpperCase()]))], "");
  const layer = element("input", { id: "import-layer", name: "layer", type: "text", autocomplete: "off" });
  const source = element("input", { id: "import-source", name: "source", type: "text", autocomplete: "off" });
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
      const job = await sendFile(formOf(chosen, { register: register.input.value, datum: datum.input.value, encoding: encoding.input.value, layer: layer.value, source: source.value }));
      dialog.close();
      sent(job);
    } catch (problem) {
      complaint.textContent = wordsOf(problem);
    }
    submit.disabled = false;
  };
  dialog.append(element("form", { novalidate: true, on: { submit: send } },
    element("h2", { id: "import-title" }, text("imports.title")),
    element("div", { class: "field" }, element("label", { for: "import-file" }, text("imports.file")), file),
    register.node, element("p", { class: "muted" }, text("imports.template.why"), " ", template),
    datum.node, element("p", { class: "muted" }, text("imports.datum.why")),
    element("details", {}, element("summary", {}, text("imports.more")), encoding.node,
      element("div", { class: "field" }, element("label", { for: "import-layer" }, text("imports.layer")), layer),
      element("div", { class: "field" }, element("label", { for: "import-source" }, text("imports.source")), source)),
    complaint,
    element("p", { class: "actions" }, submit,
      element("button", { type: "button", on: { click: () => dialog.close() } }, text("form.cancel")))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {File} file @param {Record<string, string>} said @returns {FormData} without what is not said */
export function formOf(file, said) {
  const form = new FormData();
  for (const [name, value] of Object.entries(said)) if (value.trim()) form.set(name, value.trim());
  form.set("file", file);
  return form;
}

/** @param {File} file @returns {FileList} as an input holds it */
function listOf(file) {
  const transfer = new DataTransfer();
  transfer.items.add(file);
  return transfer.files;
}

/** @param {string} name @param {[string, string][]} options @param {string} chosen */
function choice(name, options, chosen) {
  const made = options.map(([value, words]) => element("option", { value, selected: value === chosen }, words));
  const input = element("select", { id: `import-${name}`, name }, ...made);
  return { input, node: element("div", { class: "field" }, element("label", { for: input.id }, text(`imports.${name}`)), input) };
}
