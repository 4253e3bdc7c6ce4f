// Many files at once: <div data-upload data-url="..."> around a form with <input type="file" multiple>.
// Each file is its own request (field `file`, and the form's other fields with it), so one failure costs one file.
// The answer is JSON: {ok: true, url, reference, existed, sentence} or {ok: false, sentence}.
// Rows go into the element's [data-upload-list]. Emits "upload:done" with the answer as detail. Without JavaScript
// the form is an ordinary one.
import { announce, word } from "catalogue/announce";

const AT_ONCE = 2;

function icon(name) {
  const sprite = document.querySelector("svg use")?.getAttribute("href").split("#")[0];
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  picture.append(use);
  return picture;
}

function bytes(size) {
  const units = ["B", "kB", "MB", "GB"];
  const step = size > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(size) / 3)) : 0;
  return `${(size / 1000 ** step).toFixed(step ? 1 : 0)} ${units[step]}`;
}

function button(name, label, action) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "icon-button";
  element.title = label;
  element.setAttribute("aria-label", label);
  element.append(icon(name));
  element.addEventListener("click", action);
  return element;
}

class Upload {
  constructor(box, file, finished) {
    this.box = box;
    this.file = file;
    this.finished = finished;
    this.row = document.createElement("li");
    this.row.className = "upload";
    this.name = document.createElement("span");
    this.name.className = "upload__name";
    this.name.textContent = file.name;
    this.bar = document.createElement("progress");
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", file.name);
    this.sentence = document.createElement("span");
    this.sentence.className = "upload__sentence";
    this.actions = document.createElement("span");
    this.actions.className = "upload__actions";
    this.row.append(this.name, this.bar, this.sentence, this.actions);
    this.say("waiting", `${bytes(file.size)}, ${word(box, "waiting", "waiting")}`);
    this.offer("x", word(box, "cancel", "Cancel"), () => this.cancel());
  }

  say(status, sentence) {
    this.row.className = `upload status--${status}`;
    this.sentence.textContent = sentence;
  }

  offer(name, label, action) {
    this.actions.replaceChildren(button(name, `${label}: ${this.file.name}`, action));
  }

  start() {
    if (this.cancelled) {
      this.finished();
      return;
    }
    const form = this.box.matches("form") ? this.box : this.box.querySelector("form");
    const data = form ? new FormData(form) : new FormData();
    data.delete(this.box.querySelector('input[type="file"]')?.name);
    data.set("file", this.file);
    this.request = new XMLHttpRequest();
    this.request.open("POST", this.box.dataset.url);
    this.request.setRequestHeader("Accept", "application/json");
    const token = form?.querySelector('[name="csrfmiddlewaretoken"]')?.value;
    if (token) this.request.setRequestHeader("X-CSRFToken", token);
    this.request.upload.addEventListener("progress", (event) => this.progress(event));
    this.request.addEventListener("load", () => this.answered());
    this.request.addEventListener("error", () => this.failed(word(this.box, "unreachable", "The server could not be reached. Nothing was stored; try again.")));
    this.request.addEventListener("loadend", () => this.finished());
    this.request.send(data);
  }

  progress({ loaded, total, lengthComputable }) {
    if (!lengthComputable) return;
    this.bar.value = (loaded / total) * 100;
    this.say("reading", loaded < total
      ? `${bytes(loaded)} / ${bytes(total)}`
      : word(this.box, "checking", "received, being hashed and stored"));
  }

  answered() {
    let answer;
    try {
      answer = JSON.parse(this.request.responseText);
    } catch {
      answer = { ok: false, sentence: `${word(this.box, "refused", "The server did not accept the file")} (${this.request.status}).` };
    }
    if (!answer.ok) {
      this.failed(answer.sentence);
      return;
    }
    this.bar.remove();
    this.actions.replaceChildren();
    const link = document.createElement("a");
    link.href = answer.url;
    link.textContent = answer.reference;
    this.name.prepend(link, " ");
    this.say(answer.existed ? "flagged" : "done", answer.sentence);
    announce(`${this.file.name}: ${answer.sentence}`);
    this.box.dispatchEvent(new CustomEvent("upload:done", { bubbles: true, detail: answer }));
  }

  failed(sentence) {
    this.bar.value = 0;
    this.say("failed", sentence);
    announce(`${this.file.name}: ${sentence}`);
    this.offer("rotate-ccw", word(this.box, "retry", "Try again"), () => {
      this.say("waiting", word(this.box, "waiting", "waiting"));
      this.box.uploadQueue.push(this);
      pump(this.box);
    });
  }

  cancel() {
    this.cancelled = true;
    this.request?.abort();
    this.row.remove();
  }
}

function pump(box) {
  while (box.uploadsRunning < AT_ONCE && box.uploadQueue.length) {
    box.uploadsRunning += 1;
    box.uploadQueue.shift().start();
  }
}

function add(box, files) {
  const list = box.querySelector("[data-upload-list]");
  for (const file of files) {
    const upload = new Upload(box, file, () => {
      box.uploadsRunning -= 1;
      pump(box);
    });
    list.append(upload.row);
    box.uploadQueue.push(upload);
  }
  pump(box);
}

function setUp(box) {
  box.uploadQueue = [];
  box.uploadsRunning = 0;
  const input = box.querySelector('input[type="file"]');
  if (!box.querySelector("[data-upload-list]")) {
    const list = document.createElement("ul");
    list.className = "uploads";
    list.dataset.uploadList = "";
    box.append(list);
  }
  const zone = box.querySelector(".drop") ?? box;
  input.addEventListener("change", () => {
    add(box, input.files);
    input.value = "";
  });
  let depth = 0;
  const over = (change) => {
    depth = Math.max(0, depth + change);
    zone.classList.toggle("drop--over", depth > 0);
  };
  zone.addEventListener("dragenter", () => over(1));
  zone.addEventListener("dragleave", () => over(-1));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(-depth);
    add(box, event.dataTransfer.files);
  });
  for (const plain of box.querySelectorAll("[data-upload-plain]")) plain.hidden = true;
  window.addEventListener("beforeunload", (event) => { if (box.uploadsRunning) event.preventDefault(); });
}

export function setUpUploads(root) {
  for (const box of root.querySelectorAll("[data-upload]:not([data-upload-ready])")) {
    box.dataset.uploadReady = "";
    setUp(box);
  }
}
