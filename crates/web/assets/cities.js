// With a country chosen, only its cities are offered.

const country = document.querySelector("main #country");
const city = document.querySelector("main #city");

function narrow() {
  for (const group of city.querySelectorAll("optgroup")) {
    group.hidden = group.disabled = country.value !== "" && group.label !== country.value;
  }
  if (city.selectedOptions[0]?.parentElement.disabled) city.value = "";
}

country.addEventListener("change", narrow);
// After `back` the browser puts the choices back by itself, a little later.
addEventListener("pageshow", narrow);
