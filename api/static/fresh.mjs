// Parts of a page exchanged for what the service says now, without moving the reader or the focus.
const placeOf = (element) => element?.id ? `#${CSS.escape(element.id)}` : element?.matches?.("a[href]") ? `a[href="${CSS.escape(element.getAttribute("href"))}"]` : null;

/** The page as it is now at an address of this service; null where it does not answer. */
export async function fetched(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    return answer.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

/** Exchanges the elements of these ids, or adds those that were not there after the one before. */
export async function refresh(...ids) {
  const page = await fetched(location.pathname + location.search);
  if (!page) return false;
  const focus = placeOf(document.activeElement);
  const opened = [...document.querySelectorAll("details[open][class]")].map((one) => `details.${CSS.escape(one.className)}`);
  let before = document.querySelector("main > header");
  for (const id of ids) {
    const now = page.getElementById(id), here = document.getElementById(id);
    if (now && here) here.replaceWith(now);
    else if (now) before.after(now);
    before = document.getElementById(id) ?? before;
  }
  for (const one of opened) document.querySelector(one)?.setAttribute("open", "");
  if (focus && document.activeElement === document.body) document.querySelector(focus)?.focus({ preventScroll: true });
  return true;
}
