// Filters of a comparison at once; one that needs provisions which are not on the page asks for them.
const form = document.querySelector("form.sifter");
const pairs = document.querySelector(".pairs");
const shown = form.querySelector(".shown-count");
const whole = form.dataset.parts === "1" && !new URLSearchParams(location.search).get("kind") && !new URLSearchParams(location.search).get("layer");

document.documentElement.classList.add("scripted");

function narrow() {
  const { kind, layer } = Object.fromEntries(new FormData(form));
  let count = 0;
  for (const pair of pairs.querySelectorAll(".pair")) {
    const fits = (!kind || pair.dataset.kind === kind) && (!layer || pair.dataset.layers.split(" ").includes(layer));
    pair.hidden = !fits;
    count += fits;
  }
  shown.textContent = count === 1 ? "1 provision" : `${count} provisions`;
}

function reorder() {
  const weight = new FormData(form).get("order") === "weight";
  const key = weight ? (pair) => -Number(pair.dataset.points) : (pair) => Number(pair.id.slice(5));
  pairs.append(...[...pairs.querySelectorAll(".pair")].sort((a, b) => key(a) - key(b)));
}

form.addEventListener("change", (event) => {
  const unseen = event.target.name === "every" || (event.target.value === "unchanged" && form.dataset.every === "0");
  if (!whole || unseen) { form.requestSubmit(); return; }
  if (event.target.name === "order") reorder();
  narrow();
});
