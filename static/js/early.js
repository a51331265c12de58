// Before anything is painted: say that scripts run, so that the steps never jump. If the modules do not arrive
// (a cut line), the whole form is shown again after eight seconds.
document.documentElement.classList.add("scripts");
setTimeout(() => {
  if (!document.documentElement.dataset.steps) document.documentElement.classList.remove("scripts");
}, 8000);
