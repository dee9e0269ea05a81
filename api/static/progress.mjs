// Jobs on the page, followed by server-sent events; at most four at once, since a browser keeps six lines to one host.
const MOST = 4;
const STAGES = { reading: "Reading the file", structure: "Finding articles and paragraphs", syntax: "Reading sentences", statements: "Finding obligations and definitions", provisions: "Labelling provisions", framing: "Framing the document", exporting: "Writing the file" };
const STATES = { queued: "Waiting", running: "Being read", done: "Ready", failed: "Could not be read", cancelled: "Cancelled" };
const ENDS = new Set(["done", "failed", "cancelled"]);
const waiting = [];
const watched = new Set();
let open = 0;

function show(line, job) {
  line.dataset.state = job.state;
  const bar = line.querySelector("progress");
  if (job.state === "running") bar.value = job.progress;
  line.querySelector(".stage").textContent = job.state === "running" ? STAGES[job.stage] ?? line.dataset.doing ?? STATES.running : STATES[job.state];
}

function next() {
  while (open < MOST && waiting.length) follow(waiting.shift());
}

function follow(line) {
  open += 1;
  const source = new EventSource(`/v1/jobs/${line.dataset.job}/events`);
  const end = () => { source.close(); open -= 1; next(); };
  source.addEventListener("job", (event) => {
    const job = JSON.parse(event.data);
    show(line, job);
    if (ENDS.has(job.state)) { end(); settle(line); }
  });
  source.addEventListener("gone", end);
}

async function settle(line) {
  const then = line.closest("[data-then]");
  if (then) { location.replace(then.dataset.then); return; }
  const list = line.closest("[data-source]");
  if (!list) { location.reload(); return; }
  const answer = await fetch(list.dataset.source, { headers: { Accept: "text/html" } });
  if (answer.ok) { list.innerHTML = await answer.text(); watch(list); }
}

/** Follows every unfinished job below an element that is not followed yet. */
export function watch(root = document) {
  for (const line of root.querySelectorAll(".job")) {
    if (ENDS.has(line.dataset.state)) continue;
    const known = watched.has(line);
    if (!known) { watched.add(line); waiting.push(line); }
  }
  next();
}

document.documentElement.classList.add("scripted");
watch();
