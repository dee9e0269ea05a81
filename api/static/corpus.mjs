// A corpus in motion: files go up in groups, and the annotation is followed while somebody looks.
import { chosenIn, pathOf, welcomes } from "./files.mjs";
import { fetched, refresh } from "./fresh.mjs";

const EVERY = 1500; // milliseconds between two looks
const MOST_FILES = 100, MOST_BYTES = 16 << 20; // in one request, unless one file alone is larger
const MANIFEST = /^manifest\.(csv|jsonl|toml)$/i;
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz|tar\.bz2)$/i;

document.documentElement.classList.add("scripted");

// Progress.
const figures = () => document.querySelector(".live .figures");
const moving = () => ["running", "paused"].includes(figures()?.dataset.state);

async function look() {
  const live = document.querySelector(".live");
  const before = figures()?.dataset;
  if (!live || !moving() || document.hidden) return;
  const now = (await fetched(live.dataset.source))?.querySelector(".figures");
  if (!now) return;
  const turned = now.dataset.state !== before.state || now.dataset.failed !== before.failed;
  if (turned && (await refresh("head", "annotation", "documents"))) return;
  live.replaceChildren(now);
}

async function watch() {
  for (;;) {
    await new Promise((done) => setTimeout(done, EVERY));
    await look();
  }
}

if (document.querySelector("#annotation")) watch();

// Uploads.
const form = document.querySelector("form.fill");
const sending = form?.querySelector(".sending");

function groups(files) {
  const found = [];
  let size = 0;
  for (const file of files) {
    const last = found.at(-1);
    if (!last || ARCHIVE.test(file.name) || last.alone || last.files.length === MOST_FILES || size + file.size > MOST_BYTES) {
      found.push({ files: [file], alone: ARCHIVE.test(file.name) });
      size = file.size;
    } else { last.files.push(file); size += file.size; }
  }
  return found.map((group) => group.files);
}

function post(body, told) {
  return new Promise((done) => {
    const request = new XMLHttpRequest(); // fetch does not say how much has gone up
    request.open("POST", form.dataset.to);
    const token = form.querySelector("input[name=csrf_token]")?.value;
    if (token) request.setRequestHeader("X-CSRF-Token", token);
    request.responseType = "json";
    request.upload.onprogress = (event) => told(event.loaded, event.total);
    request.onload = () => done({ ok: request.status === 200, found: request.response });
    request.onerror = () => done({ ok: false, found: { detail: "The service does not answer." } });
    request.send(body);
  });
}

function add(tag, text, into, more = {}) {
  const made = Object.assign(document.createElement(tag), more);
  made.textContent = text;
  into.append(made);
  return made;
}

function tell(tally) {
  sending.replaceChildren();
  add("p", `${tally.added} added, ${tally.skipped} skipped${tally.skipped ? " since they are here already" : ""}, ${tally.refused.length} not taken.`, sending, { className: "outcome" });
  const lines = [...tally.wrong.map((why) => ["", why]), ...tally.refused.map((one) => [one.path, one.why]), ...tally.unused.map((path) => [path, "named in the manifest, but not among the files"])];
  if (!lines.length) return;
  const list = add("ul", "", sending, { className: "refusals" });
  for (const [path, why] of lines) {
    const line = add("li", "", list);
    if (path) { add("bdi", path, line); line.append(": "); }
    line.append(why);
  }
}

async function sendAll(given) {
  const chosen = form.querySelector("#manifest").files[0];
  const own = chosen ? null : given.find((file) => MANIFEST.test(file.name));
  const manifest = chosen ?? own;
  const base = own ? pathOf(own).slice(0, -own.name.length) : "";
  const files = given.filter((file) => file !== own);
  if (!files.length) return;
  const tally = { added: 0, skipped: 0, refused: [], unused: null, wrong: [] };
  sending.replaceChildren();
  const bar = add("progress", "", sending, { max: 1, value: 0, ariaLabel: "Sending" });
  const says = add("span", "Sending", sending);
  const total = files.reduce((sum, file) => sum + file.size, 0) || 1;
  let sent = 0;
  form.querySelector("button[type=submit]").disabled = true;
  for (const group of groups(files)) {
    const body = new FormData();
    for (const file of group) {
      const path = pathOf(file);
      body.append("file", file, path.startsWith(base) ? path.slice(base.length) : path);
    }
    if (manifest) body.append("manifest", manifest, manifest.name);
    const size = group.reduce((sum, file) => sum + file.size, 0);
    const { ok, found } = await post(body, (loaded, all) => {
      bar.value = (sent + size * loaded / all) / total;
      if (loaded === all) says.textContent = "Taking in";
    });
    sent += size;
    if (!ok) { tally.wrong.push(found?.errors?.map((one) => one.why).join("; ") ?? found?.detail ?? "The service does not answer."); continue; }
    tally.added += found.added.length;
    tally.skipped += found.skipped.length;
    tally.refused.push(...found.refused);
    const unused = new Set(found.unused);
    tally.unused = tally.unused ? tally.unused.filter((path) => unused.has(path)) : [...unused];
  }
  tally.unused ??= [];
  form.querySelector("button[type=submit]").disabled = false;
  form.reset();
  form.querySelector("#file").required = true;
  tell(tally);
  if (tally.added && (await refresh("head", "annotation", "documents"))) document.querySelector("#annotation")?.scrollIntoView({ block: "nearest" });
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll(chosenIn(form));
  });
  welcomes(form.querySelector(".drop"), sendAll);
}
