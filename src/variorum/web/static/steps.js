// The script of a collation's page: n and p step through the places where versions differ. Without it the links do.
const marks = [...document.querySelectorAll("[data-locus]")].filter((mark, at, all) => all.findIndex((m) => m.dataset.locus === mark.dataset.locus) === at);
let at = -1;
function step(way) {
  if (!marks.length) return;
  at = (at + way + marks.length) % marks.length;
  document.querySelectorAll(".current").forEach((mark) => mark.classList.remove("current"));
  document.querySelectorAll(`[data-locus="${marks[at].dataset.locus}"]`).forEach((mark) => mark.classList.add("current"));
  marks[at].focus({ preventScroll: true });
  marks[at].scrollIntoView({ block: "center" });
  document.getElementById("announce").textContent = `Place ${at + 1} of ${marks.length}: ${marks[at].textContent.trim() || "nothing"}`;
}
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !document.getElementById("keys").checked || event.target.matches("input[type=search], select, textarea")) return;
  const way = { n: 1, p: -1 }[event.key];
  if (way) { event.preventDefault(); step(way); }
});
document.documentElement.classList.add("js");
document.getElementById("stepping").hidden = false;
document.getElementById("next").addEventListener("click", () => step(1));
document.getElementById("previous").addEventListener("click", () => step(-1));
