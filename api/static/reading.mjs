// The reading page in motion: filters at once, further parts as they are needed, cards beside the text, meanings on hover.
const desk = document.querySelector(".desk");
const article = document.querySelector(".instrument");
const lines = article.querySelector(".lines");
const form = document.querySelector("form.filter");
const dialog = document.querySelector("dialog.card");
const where = `/documents/${desk.dataset.document}`;
const parts = Number(desk.dataset.parts);
let first = Number(desk.dataset.part), last = first, loading = null;

document.documentElement.classList.add("scripted");

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  return answer.ok ? answer.text() : "";
}

async function loadNext() {
  if (!last || last >= parts) return false;
  loading ??= fetched(`${where}/parts/${last + 1}`).then((html) => {
    loading = null;
    if (!html) return false;
    lines.insertAdjacentHTML("beforeend", html);
    last += 1;
    const turn = article.querySelector(".turn.next");
    if (last >= parts) turn?.remove();
    else if (turn) { turn.firstElementChild.href = `${where}?part=${last + 1}`; turn.firstElementChild.textContent = `Go on: part ${last + 1} of ${parts}`; }
    apply();
    return true;
  });
  return loading;
}

async function loadAll() {
  while (first > 1) {
    const html = await fetched(`${where}/parts/${first - 1}`);
    if (!html) break;
    lines.insertAdjacentHTML("afterbegin", html);
    first -= 1;
  }
  article.querySelector("[rel=prev]")?.parentElement.remove();
  while (await loadNext());
}

// The same rule as api/pages/filtering.py.
function lets(block, wish) {
  const labels = block.dataset.l.split(" ").filter(Boolean).map((one) => one.split(":"));
  const chosen = labels.filter(([key]) => !wish.label || key === wish.label || key.split("/")[0] === wish.label);
  return (!(wish.label || wish.p) || chosen.some(([, p]) => Number(p) >= wish.p))
    && (!wish.framing || block.classList.contains(wish.framing))
    && (!wish.strength || block.dataset.s.split(" ").includes(wish.strength))
    && (!wish.has || block.dataset.h.split(" ").includes(wish.has));
}

function wish() {
  const data = new FormData(form);
  const found = Object.fromEntries(["label", "framing", "strength", "has"].map((name) => [name, data.get(name)]));
  found.p = Number(data.get("p"));
  return found;
}

const narrows = (found) => Boolean(found.label || found.framing || found.strength || found.has || found.p);

function apply() {
  const wanted = wish();
  const all = narrows(wanted);
  let shown = 0, count = 0, below = 0;
  const children = [...lines.children].reverse();
  for (const child of children) {
    if (child.classList.contains("p")) {
      const visible = lets(child, wanted);
      child.hidden = !visible;
      shown += visible; count += 1;
      if (visible) below = 7;
    } else {
      const level = /^H[2-6]$/.test(child.tagName) ? Number(child.tagName[1]) : 7;
      child.hidden = all && !(level < below);
      if (!child.hidden) below = level;
    }
  }
  const missing = last && (first > 1 || last < parts);
  form.querySelector(".count").textContent = all ? `${shown} of ${count} provisions${missing ? ", the rest is being loaded" : ""}` : "";
  form.querySelector(".reset").hidden = !all;
  follow();
}

async function refilter() {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value && value !== "0"));
  history.replaceState(null, "", query.size ? `${where}?${query}` : where);
  apply();
  if (narrows(wish())) { await loadAll(); apply(); }
}

async function openCard(link) {
  const html = await fetched(`${link.getAttribute("href")}?bare=1`);
  if (!html) { location.assign(link.href); return; }
  dialog.innerHTML = `<form method="dialog"><button class="close" aria-label="Close">✕</button></form>${html}`;
  dialog.showModal();
}

function hint(target) {
  document.querySelector(".hint")?.remove();
  const meaning = target?.matches(".use") && document.querySelector(target.getAttribute("href"));
  if (!meaning) return;
  target.removeAttribute("title");
  const box = document.createElement("div");
  box.className = "hint";
  box.id = "meaning";
  box.role = "tooltip";
  const words = meaning.querySelector("dd").cloneNode(true);
  words.querySelector(".where").remove();
  box.textContent = `${meaning.querySelector("dt").textContent} ${words.textContent.replace(/\s+/g, " ").trim()}`;
  target.setAttribute("aria-describedby", box.id);
  document.body.append(box);
  box.addEventListener("mouseleave", () => hint(null));
  const spot = target.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(spot.left, innerWidth - box.offsetWidth - 8)) + scrollX}px`;
  const below = spot.bottom + 6 + box.offsetHeight <= innerHeight || spot.top < box.offsetHeight + 6;
  box.style.top = `${(below ? spot.bottom + 6 : spot.top - box.offsetHeight - 6) + scrollY}px`;
}

// The outline says where the reader is, and leads to what is on the page already without loading it again.
const outline = document.querySelector(".outline");
const entries = new Map([...outline.querySelectorAll("a[data-anchor]")].map((link) => [link.dataset.anchor, link]));
let headings = [], asked = false;

function follow() {
  headings = [...lines.querySelectorAll(":is(h2, h3, h4, h5, h6)[id]")].filter((heading) => entries.has(heading.id) && !heading.hidden);
  place();
}

// The last heading in the upper third of the window or above it, found by halving: texts have hundreds.
function place() {
  asked = false;
  let low = 0, high = headings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (headings[middle].getBoundingClientRect().top < innerHeight / 3) low = middle + 1;
    else high = middle;
  }
  stand(headings[low - 1]?.id);
}

addEventListener("scroll", () => { if (!asked) { asked = true; requestAnimationFrame(place); } }, { passive: true });

function stand(anchor) {
  const link = entries.get(anchor), old = outline.querySelector("[aria-current]");
  if (link === old) return;
  old?.removeAttribute("aria-current");
  if (!link) return;
  link.setAttribute("aria-current", "location");
  const side = link.closest(".side"), spot = link.getBoundingClientRect(), frame = side.getBoundingClientRect();
  if (spot.top < frame.top) side.scrollTop -= frame.top - spot.top + 40;
  else if (spot.bottom > frame.bottom) side.scrollTop += spot.bottom - frame.bottom + 40;
}

outline.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-anchor]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !document.getElementById(link.dataset.anchor)) return;
  event.preventDefault();
  location.hash = encodeURIComponent(link.dataset.anchor);
});

function showAll() {
  for (const choice of form.querySelectorAll("select")) choice.selectedIndex = 0;
  refilter();
}

// A reference may lead to what the filter hides, or to a part that is not on the page.
function find(anchor) {
  const there = anchor && document.getElementById(anchor);
  if (there?.hidden) { showAll(); location.hash = encodeURIComponent(anchor); there.scrollIntoView(); }
  if (!anchor || there) return;
  location.replace(`${where}/at/${encodeURIComponent(anchor)}`);
}

form.addEventListener("change", (event) => {
  if (event.target.type === "checkbox") article.classList.toggle(`show-${event.target.value}`, event.target.checked);
  else refilter();
});
form.addEventListener("submit", (event) => { event.preventDefault(); refilter(); });
form.querySelector(".reset").addEventListener("click", (event) => {
  if (!desk.dataset.part || desk.dataset.part === "0") return;
  event.preventDefault();
  showAll();
});
article.addEventListener("click", (event) => {
  const link = event.target.closest("a.marks");
  const mark = event.target.closest(".trigger, .bearer, .evidence, .element, dfn");
  const opener = link ?? (event.target.closest("a") ? null : mark?.closest(".p")?.querySelector("a.marks"));
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openCard(opener);
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("a")) dialog.close();
});
for (const name of ["mouseover", "focusin"]) article.addEventListener(name, (event) => hint(event.target.closest("a.use")));
for (const name of ["mouseleave", "focusout"]) article.addEventListener(name, (event) => { if (!event.relatedTarget?.closest?.(".hint")) hint(null); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hint(null); });
addEventListener("hashchange", () => find(decodeURIComponent(location.hash.slice(1))));

const end = article.querySelector(".turn.next");
if (end && last) new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) loadNext(); }, { rootMargin: "1200px" }).observe(end);
follow();
if (matchMedia("(max-width: 60rem)").matches) document.querySelector("#outline").open = false;
find(decodeURIComponent(location.hash.slice(1)));
