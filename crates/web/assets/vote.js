// The vote counts at once, and is taken back if the server thinks otherwise.

const form = document.querySelector("form[data-vote]");
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  vote(form.querySelector("button"));
});

async function vote(button) {
  if (button.getAttribute("aria-disabled")) return;
  const action = button.value;
  const before = votes.count;
  button.setAttribute("aria-disabled", "true");
  show(action === "cast" ? "withdraw" : "cast", before + (action === "cast" ? 1 : -1));
  try {
    const answer = await send(action);
    votes.count = answer.total_votes;
    say(form.dataset[action === "cast" ? "saidCast" : "saidWithdraw"]);
  } catch (refusal) {
    show(action, before);
    say(refusal.message);
  }
  button.removeAttribute("aria-disabled");
}

async function send(action) {
  const answer = await fetch(form.dataset.vote, {
    method: action === "cast" ? "POST" : "DELETE",
    headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang },
  }).catch(() => { throw new Error(form.dataset.lost); });
  if (answer.status === 401) location.assign(form.dataset.signIn);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.detail ?? form.dataset.lost);
  return body;
}

function show(next, count) {
  const button = form.querySelector("button");
  button.value = next;
  button.textContent = form.dataset[next];
  button.classList.toggle("primary", next === "cast");
  votes.count = count;
}

function say(sentence) {
  form.querySelector("[data-said]").textContent = sentence;
}

const votes = {
  figures: new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" }),

  get count() {
    return Number(document.querySelector("[data-votes]").dataset.votes);
  },

  set count(count) {
    const figure = document.querySelector("[data-votes]");
    figure.dataset.votes = count;
    figure.textContent = this.figures.format(count);
    const { one, other } = form.dataset;
    document.querySelector("[data-votes-word]").textContent = count === 1 ? one : other;
    const tally = figure.closest(".tally");
    tally.classList.remove("counted");
    requestAnimationFrame(() => tally.classList.add("counted"));
  },
};
