// Keys that go to what a page names by them: data-key on a field, a link or a button; j and k walk through results.
const typing = (target) => target.matches("input:not([type=checkbox], [type=radio], [type=submit]), select, textarea");

function walk(by) {
  const all = [...document.querySelectorAll("[data-hit]")];
  const at = all.indexOf(document.activeElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  next?.focus();
  return Boolean(next);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
  if (typing(event.target)) return;
  const step = { j: 1, k: -1 }[event.key];
  const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
  if (named) {
    event.preventDefault();
    if (typing(named)) { named.focus(); named.select?.(); } else named.click();
  } else if (step && walk(step)) event.preventDefault();
});

document.documentElement.classList.add("scripted");
