// Names the files that were chosen: the browser's own control speaks the browser's language, not the page's.
document.documentElement.dataset.steps = "done"; // tells early.js that this script arrived
for (const input of document.querySelectorAll("[data-chosen]")) {
  const list = document.getElementById(input.dataset.chosen);
  input.addEventListener("change", () => {
    list.replaceChildren(...[...input.files].map((file) => {
      const item = document.createElement("li");
      item.textContent = file.name;
      return item;
    }));
  });
}
