// Files and folders that are dropped on the page, with their paths.
async function filesOf(entry) {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    return [Object.assign(file, { path: entry.fullPath.replace(/^\//, "") })];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const batch = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!batch.length) return found;
    for (const inner of batch) found.push(...(await filesOf(inner)));
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  return (await Promise.all(entries.map(filesOf))).flat();
}

/** Where a file lies in the folder that was dropped or chosen; its name alone otherwise. */
export const pathOf = (file) => file.path || file.webkitRelativePath || file.name;

/** What was chosen in a form's fields for files and for a folder; files that a system hides stay out. */
export function chosenIn(form) {
  const [files, folder] = [form.querySelector("#file"), form.querySelector("#folder")];
  return [...files.files, ...folder.files].filter((file) => !file.name.startsWith("."));
}

/** Lets files be dropped on a place; `take` gets them all. */
export function welcomes(place, take) {
  const [files, folder] = [place.querySelector("#file"), place.querySelector("#folder")];
  folder.addEventListener("change", () => { files.required = !folder.files.length; });
  place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", async (event) => {
    event.preventDefault();
    place.classList.remove("over");
    take((await dropped(event.dataTransfer)).filter((file) => !file.name.startsWith(".")));
  });
}
