// A chart that tells its figures, on demand: the picture becomes a drawing whose marks can be pointed at, and walked through by arrow keys.
const MARKS = "[role=graphics-symbol][aria-label]:not([aria-roledescription=axis], [aria-roledescription=legend])";
const HIDDEN = new Set(["rank", "firmness"]); // in the data for the order of the drawing alone
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

document.documentElement.classList.add("scripted");

// "share: 23.540000%; indicator: Perpetrators" as people say it: Perpetrators: share 23.5 %.
function told(label) {
  const pairs = label.split("; ").map((pair) => [pair.slice(0, pair.indexOf(": ")), pair.slice(pair.indexOf(": ") + 2)]);
  const names = [], figures = [];
  for (const [name, value] of pairs.filter(([name]) => !HIDDEN.has(name))) {
    const number = /^([+−-]?[\d.]+)(%?)$/.exec(value.replaceAll(",", ""));
    if (number && name !== "group") figures.push(`${name.replaceAll("_", " ")} ${Number(Number(number[1].replace("−", "-")).toFixed(number[2] ? 1 : 2))}${number[2] && "\u00a0%"}`);
    else names.push(value);
  }
  return [names.join(", "), figures.join(", ")].filter(Boolean).join(": ");
}

async function drawn(image) {
  const answer = await fetch(image.currentSrc || image.src);
  if (!answer.ok) return null;
  const drawing = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  if (drawing.localName !== "svg") return null;
  for (const foreign of drawing.querySelectorAll("script, foreignObject, a")) foreign.remove();
  return document.importNode(drawing, true);
}

async function open(button) {
  const chart = button.closest("[data-chart]");
  const picture = chart.querySelector("picture");
  const drawing = await drawn(picture.querySelector("img"));
  if (!drawing) return;
  const marks = [...drawing.querySelectorAll(MARKS)];
  const line = Object.assign(document.createElement("output"), { className: "told", textContent: "Point at a mark, or go through them with the arrow keys." });
  let at = -1;
  const go = (next) => {
    marks[at]?.classList.remove("here");
    at = (next + marks.length) % marks.length;
    marks[at].classList.add("here");
    line.textContent = told(marks[at].getAttribute("aria-label"));
  };
  drawing.setAttribute("tabindex", "0");
  drawing.setAttribute("role", "application");
  drawing.setAttribute("aria-label", `${button.dataset.title}: the arrow keys go from figure to figure`);
  drawing.classList.add("open");
  drawing.addEventListener("pointerover", (event) => {
    const mark = marks.indexOf(event.target.closest(MARKS));
    if (mark >= 0) go(mark);
  });
  drawing.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || !marks.length) return;
    event.preventDefault();
    go(at < 0 && step < 0 ? marks.length - 1 : at + step);
  });
  picture.replaceWith(drawing);
  drawing.after(line);
  button.remove();
  drawing.focus({ preventScroll: true });
}

for (const button of document.querySelectorAll("button.tells")) button.addEventListener("click", () => open(button));
