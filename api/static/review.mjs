// Review without a reload: buttons and links of the bench are followed here, and keys that come meanwhile wait for the next provision.
import "./keys.mjs";

const bench = document.querySelector("#bench");
const said = document.querySelector("#said");
const keys = document.querySelector("dialog.keys");
const waiting = [];
let busy = false;

const typing = (target) => target.matches("input:not([type=checkbox]), select, textarea");

function tell(words, wrong = false) {
  said.textContent = words.trim();
  said.classList.toggle("wrong", wrong);
}

// What cannot be done is told, and what stands on the page stays: nobody's comment is lost.
async function turn(address, options) {
  busy = true;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = found.querySelector("#bench");
    if (!next) { tell(found.querySelector(".notice h1 + p")?.textContent ?? found.title, true); return; }
    bench.replaceChildren(...next.childNodes);
    document.title = found.title;
    tell(found.querySelector("#said").textContent);
    history.pushState(null, "", answer.url);
    bench.querySelector("#place").focus({ preventScroll: true });
    if (bench.getBoundingClientRect().top < 0) bench.scrollIntoView({ behavior: "instant" });
  } catch {
    tell("The service does not answer; try again.", true);
  } finally {
    busy = false;
  }
  while (waiting.length && !busy) document.body.dispatchEvent(new KeyboardEvent("keydown", { key: waiting.shift(), bubbles: true }));
}

function corrected() {
  const what = bench.querySelector(".what");
  if (!what) return;
  what.dataset.usual ??= what.textContent;
  const changed = [...bench.querySelectorAll(".sheet [name=label]")].some((box) => box.checked !== box.defaultChecked);
  what.textContent = changed ? what.dataset.corrected : what.dataset.usual;
}

function fitting(words) {
  const rows = [...bench.querySelectorAll("#rest .row")];
  for (const row of rows) row.hidden = Boolean(words) && !row.textContent.toLowerCase().includes(words);
  for (const group of bench.querySelectorAll("#rest fieldset")) group.hidden = !group.querySelector(".row:not([hidden])");
  const open = rows.filter((row) => !row.hidden);
  return open.find((row) => row.querySelector(".name").textContent.toLowerCase().includes(words)) ?? open[0];
}

function choose() {
  const rest = bench.querySelector("#rest");
  if (!rest) return;
  rest.open = true;
  rest.querySelector("#find-label").focus();
}

bench.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  event.preventDefault();
  if (busy) return;
  const button = event.submitter;
  if (button?.value === "comment" && !event.target.elements.comment.value.trim()) { event.target.elements.comment.focus(); return; }
  // A button without an address of its own says the page's, not its form's.
  turn(button?.hasAttribute("formaction") ? button.formAction : event.target.action, { method: "POST", body: new URLSearchParams(new FormData(event.target, button)) });
});
bench.addEventListener("click", (event) => {
  const link = event.target.closest("a[rel=next], a[rel=prev], a.again");
  if (event.target.closest(".keys-button")) keys.showModal();
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!busy) turn(link.href);
  else if (link.dataset.key) waiting.push(link.dataset.key);
});
bench.addEventListener("change", corrected);
bench.addEventListener("input", (event) => {
  if (event.target.id === "find-label") fitting(event.target.value.trim().toLowerCase());
});

document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing;
  if (busy) {
    if (plain && event.key.length === 1) waiting.push(event.key);
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (keys.open) {
    if (event.key !== "Escape" && event.key !== "Tab" && event.key !== "Enter" && event.key !== " ") event.stopImmediatePropagation();
  } else if (event.key === "Enter" && event.target.id === "find-label") {
    event.preventDefault();
    const words = event.target.value.trim().toLowerCase();
    if (!words) { bench.querySelector("[data-key=a]").click(); return; }
    const box = fitting(words)?.querySelector("input");
    if (!box) return;
    box.click();
    event.target.value = "";
    fitting("");
  } else if (event.key === "Enter" && event.ctrlKey && event.target.id === "comment") {
    event.preventDefault();
    bench.querySelector("[value=comment]").click();
  } else if (plain && event.key === "c" && !typing(event.target)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    choose();
  }
}, { capture: true });
keys.addEventListener("click", (event) => { if (event.target === keys) keys.close(); });
addEventListener("popstate", () => location.reload());
