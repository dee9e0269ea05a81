// Files and folders that are dropped or chosen go up one by one; each says what became of it.
import { chosenIn, welcomes } from "./files.mjs";
import { watch } from "./progress.mjs";

const form = document.querySelector("form.upload");
const drop = form.querySelector(".drop");
const sending = form.querySelector(".sending");
const token = form.querySelector("input[name=csrf_token]");

async function send(file, alone) {
  const line = document.createElement("li");
  line.textContent = `${file.name}: sending`;
  sending.append(line);
  const limit = Number(form.dataset.limit);
  if (file.size > limit) { line.textContent = `${file.name}: larger than ${Math.floor(limit / 1048576)} MB`; return null; }
  const body = new FormData();
  for (const field of form.querySelectorAll(".fields input")) {
    if (field.value && (alone || !["title", "version"].includes(field.name))) body.append(field.name, field.value);
  }
  body.append("file", file);
  try {
    const answer = await fetch("/v1/documents", { method: "POST", body, headers: token ? { "X-CSRF-Token": token.value } : {} });
    const found = await answer.json();
    line.textContent = answer.ok ? `${file.name}: taken in` : `${file.name}: ${found.errors?.map((one) => one.why).join("; ") ?? found.detail}`;
    return answer.ok ? found : null;
  } catch {
    line.textContent = `${file.name}: the service does not answer`;
    return null;
  }
}

async function sendAll(files) {
  sending.replaceChildren();
  const taken = [];
  for (const file of files) taken.push(await send(file, files.length === 1));
  const done = taken.filter(Boolean);
  if (files.length === 1 && done.length === 1) { location.assign(`/documents/${done[0].document_id}`); return; }
  const list = document.querySelector(".recent");
  const answer = await fetch(list.dataset.source, { headers: { Accept: "text/html" } });
  if (answer.ok) { list.innerHTML = await answer.text(); watch(list); }
  form.reset();
  form.querySelector("#file").required = true;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  sendAll(chosenIn(form));
});
welcomes(drop, sendAll);
