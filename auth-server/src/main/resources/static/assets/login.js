/** Comfort only: without this script the page signs in just as well. */

const form = document.getElementById("login");
const password = document.getElementById("password");
const toggle = document.getElementById("show-password");
const submit = form.querySelector('button[type="submit"]');

function say(text) {
  document.getElementById("announcer").textContent = text;
}

/** The label says what a press does; a screen reader also hears the state that it led to. */
function reveal(shown) {
  password.type = shown ? "text" : "password";
  toggle.textContent = shown ? "Hide" : "Show";
  toggle.setAttribute("aria-label", shown ? "Hide password" : "Show password");
}

toggle.hidden = false;
reveal(false);
toggle.addEventListener("click", () => {
  const shown = password.type === "password";
  reveal(shown);
  say(shown ? "Your password is shown." : "Your password is hidden.");
});

/** One press is one sign-in: a second one would only spend a try. Hidden again, so that the browser may offer to save it. */
form.addEventListener("submit", (event) => {
  if (submit.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    return;
  }
  reveal(false);
  submit.setAttribute("aria-disabled", "true");
});

/** Back from the next page by "Back": the form is as it was before the press. */
addEventListener("pageshow", () => submit.removeAttribute("aria-disabled"));

const countdown = document.querySelector("[data-countdown]");
if (countdown) {
  const end = Date.now() + Number(countdown.dataset.seconds) * 1000;
  const digits = countdown.querySelector(".countdown");
  const timer = setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      digits.textContent = String(left);
      return;
    }
    clearInterval(timer);
    countdown.textContent = "You can try again now.";
    say("You can try again now.");
  }, 250);
}
