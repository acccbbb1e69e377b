// The rules of the password, checked while it is typed. The server decides.
import { say } from "./words.js";

const form = document.getElementById("sign-up-form");

// What everybody tries first. The server knows a thousand more.
const COMMON = ["password", "contraseña", "qwertyui", "iloveyou", "baloncesto", "basketball"];
const ROWS = "01234567890 abcdefghijklmnopqrstuvwxyz qwertyuiop asdfghjkl zxcvbnm";

const typed = (name) => form.elements[name].value;

function isEasy(password) {
  const plain = password.toLowerCase();
  const known = [typed("first_name"), typed("last_name"), typed("city"), typed("email")];
  const own = known.flatMap((text) => [text, ...text.split("@")]).map((text) => text.trim().toLowerCase());
  const backwards = [...plain].reverse().join("");
  return (
    new Set(plain).size < 3 ||
    own.includes(plain) ||
    COMMON.some((word) => plain === word || plain === `${word}1`) ||
    ROWS.includes(plain) ||
    ROWS.includes(backwards)
  );
}

const met = {
  length: (rule) => {
    const length = [...typed("password1")].length;
    return length >= Number(rule.dataset.least) && length <= Number(rule.dataset.most);
  },
  guess: () => typed("password1") !== "" && !isEasy(typed("password1")),
  same: () => typed("password1") !== "" && typed("password1") === typed("password2"),
};

function check() {
  for (const rule of form.querySelectorAll("[data-rule]")) {
    const fulfilled = met[rule.dataset.rule](rule);
    rule.dataset.met = fulfilled;
    rule.querySelector("[data-mark]").textContent = say(fulfilled ? "account-met" : "account-unmet");
  }
}

if (form) {
  form.addEventListener("input", check);
  check();
}

for (const box of document.querySelectorAll("[data-show]")) {
  box.closest("label").hidden = false;
  box.addEventListener("change", () => {
    for (const id of box.dataset.show.split(" ")) {
      document.getElementById(id).type = box.checked ? "text" : "password";
    }
  });
}

// Whoever has made a mistake is led to it.
document.querySelector("[aria-invalid='true']")?.focus();
