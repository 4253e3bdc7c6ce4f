// Bring in a folder: its files go to the server one after the other, each a request of its own, and only those that are
// missing there. A ZIP goes through catalogue/upload; when it is stored, its page opens.
import { announce, word } from "catalogue/announce";

const AT_ONCE = 2;
const SYSTEM_NAMES = new Set([".ds_store", "thumbs.db", "desktop.ini"]);

function token(form) {
  return form.querySelector('[name="csrfmiddlewaretoken"]').value;
}

async function send(form, url, fields) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  const answer = await fetch(url, {
    method: "POST", body: data, headers: { Accept: "application/json", "X-CSRFToken": token(form) },
  });
  const said = await answer.json();
  if (answer.status === 403 || answer.status === 404) throw new Error(said.sentence);
  return said;
}

// Files with their names inside the folder, whichever way they came.
function chosen(input) {
  return [...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

function entriesOf(reader) {
  return new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
}

async function walk(entry, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => { entry.file(resolve, reject); });
    found.push({ file, path: entry.fullPath.replace(/^\//, "") });
    return;
  }
  const reader = entry.createReader();
  for (let some = await entriesOf(reader); some.length; some = await entriesOf(reader)) {
    for (const inner of some) await walk(inner, found);
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

class Sending {
  constructor(form, files) {
    this.form = form;
    this.files = files.filter(({ path }) => !SYSTEM_NAMES.has(path.split("/").pop().toLowerCase()));
    this.bar = form.querySelector("progress");
    this.sentence = form.querySelector("[data-folder-sentence]");
    this.sent = 0;
    this.refused = 0;
  }

  say() {
    this.bar.max = this.files.length;
    this.bar.value = this.sent;
    const refused = this.refused ? `, ${this.refused} ${word(this.form, "refused", "refused or failed")}` : "";
    this.sentence.textContent = `${this.sent} ${word(this.form, "of", "of")} ${this.files.length} ${word(this.form, "sent", "files sent")}${refused}`;
  }

  async run() {
    const name = this.files[0].path.includes("/") ? this.files[0].path.split("/")[0] : this.files[0].file.name;
    const sensitive = this.form.querySelector('[name="is_sensitive"]').checked ? { is_sensitive: "on" } : {};
    const begun = await send(this.form, this.form.dataset.beginUrl, { name, ...sensitive });
    const left = this.files.filter(({ file, path }) => begun.ended[path] !== `${file.size}-${file.lastModified}`);
    this.sent = this.files.length - left.length;
    this.say();
    const next = left.values();
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.lane(next, begun.file_url)));
    await send(this.form, begun.end_url, {});
    return begun.url;
  }

  async lane(next, url) {
    for (const { file, path } of next) {
      const said = await send(this.form, url, { name: path, stamp: `${file.size}-${file.lastModified}`, file });
      this.sent += 1;
      if (!said.ok || said.state === "refused" || said.state === "failed") this.refused += 1;
      this.say();
    }
  }
}

async function bringIn(form, found) {
  const box = form.querySelector("[data-folder-progress]");
  const sentence = form.querySelector("[data-folder-sentence]");
  box.hidden = false;
  sentence.textContent = word(form, "counting", "Looking at the folder");
  const files = await found;
  if (!files.length) {
    sentence.textContent = word(form, "nothing", "The folder holds no files.");
    announce(sentence.textContent);
    return;
  }
  form.dataset.sending = "";
  try {
    const url = await new Sending(form, files).run();
    delete form.dataset.sending;
    location.assign(url);
  } catch (error) {
    delete form.dataset.sending;
    sentence.textContent = error instanceof TypeError || error instanceof SyntaxError ? word(form, "stopped", "It stopped.") : error.message;
    announce(sentence.textContent);
  }
}

function setUp(form) {
  const input = form.querySelector('input[type="file"]');
  const zone = form.querySelector(".drop");
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("change", () => bringIn(form, Promise.resolve(chosen(input))));
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("drop--over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("drop--over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("drop--over");
    bringIn(form, dropped(event.dataTransfer));
  });
  window.addEventListener("beforeunload", (event) => { if ("sending" in form.dataset) event.preventDefault(); });
}

for (const form of document.querySelectorAll("[data-folder]")) setUp(form);

document.addEventListener("upload:done", (event) => {
  const box = event.target.closest("[data-upload-then-open]");
  if (!box) return;
  // The upload counts as running until its last event; leaving before that would be asked about.
  setTimeout(() => location.assign(event.detail.url), 100);
});
