/* Evidence at full size: every link with data-picture opens in one dialog; arrows walk, z or + zooms, Escape closes.
   Without this file the links open the picture in the browser. */

const links = [...document.querySelectorAll("a[data-picture]")];
const viewer = document.getElementById("viewer");

if (viewer instanceof HTMLDialogElement && links.length) {
  const picture = viewer.querySelector("img");
  const caption = viewer.querySelector("[data-caption]");
  let at = 0;

  const show = (index) => {
    at = (index + links.length) % links.length;
    viewer.classList.remove("zoomed");
    picture.src = links[at].href;
    picture.alt = links[at].dataset.picture;
    caption.textContent = `${at + 1} / ${links.length} · ${links[at].dataset.picture}`;
  };
  const open = (index) => {
    show(index);
    if (!viewer.open) viewer.showModal();
  };

  links.forEach((link, index) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(index);
  }));
  viewer.querySelector("[data-previous]").addEventListener("click", () => show(at - 1));
  viewer.querySelector("[data-next]").addEventListener("click", () => show(at + 1));
  viewer.querySelector("[data-zoom]").addEventListener("click", () => viewer.classList.toggle("zoomed"));
  viewer.addEventListener("close", () => { picture.removeAttribute("src"); links[at].focus(); });
  viewer.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight" || event.key === "j") show(at + 1);
    else if (event.key === "ArrowLeft" || event.key === "k") show(at - 1);
    else if (event.key === "z" || event.key === "+") viewer.classList.toggle("zoomed");
    else return;
    event.preventDefault();
  });
}
